import Foundation
import Market
import MarketData
import Runtime
import Synchronization

/// Tables in files, one a key, that processes map and share.
///
/// A file appears whole or not at all and is never changed; its SHA-256 stands in it and is checked
/// when a process first maps it. Nothing here throws: a disk that fails costs time and nothing else.
package struct DiskTier: Sendable {
  package enum Reading {
    case table(NumberTable)
    case absent
    /// It was there and wrong, and is removed.
    case damaged
  }

  package let folder: String
  /// So much may lie there; the files not used for longest go first.
  package let byteCount: Int

  package init(folder: String, byteCount: Int = 8 << 30) {
    self.folder = folder
    self.byteCount = byteCount
  }

  /// In the user's cache folder, or `nil` where there is no home.
  static let ofUser: DiskTier? = {
    let environment = ProcessInfo.processInfo.environment
    guard let base = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map({ $0 + "/.cache" }),
      base.hasPrefix("/")
    else { return nil }
    return DiskTier(folder: base + "/martinet/features")
  }()

  private static let hashNote = "martinet.sha256"

  package func path(_ key: CacheKey) -> String {
    let name = key.description
    return "\(folder)/\(name.prefix(2))/\(name).arrow"
  }

  package func read(_ key: CacheKey) -> Reading {
    let path = path(key)
    guard access(path, F_OK) == 0 else { return .absent }
    do {
      let table = try ArrowFile.map(path)
      guard table.notes[Self.hashNote] == Self.hash(table).description else {
        unlink(path)
        return .damaged
      }
      // Marks it as used; the time of reading is not kept on most disks.
      utimes(path, nil)
      return .table(table)
    } catch {
      unlink(path)
      return .damaged
    }
  }

  package func write(_ table: NumberTable, _ key: CacheKey) {
    var table = table
    table.notes[Self.hashNote] = Self.hash(table).description
    let path = path(key)
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try ArrowFile.write(table, to: path)
    } catch {
      return
    }
    makeRoom()
  }

  /// Of names and numbers, in order.
  private static func hash(_ table: NumberTable) -> SHA256Digest {
    var hash = SHA256()
    for (name, column) in zip(table.names, table.columns) {
      hash.update("\(name.utf8.count):\(name)\(column.count)\n")
      column.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return hash.finish()
  }

  /// Removes the files not used for longest until nine tenths of the room are taken.
  private func makeRoom() {
    var files = self.files
    var total = files.reduce(0) { $0 + $1.byteCount }
    guard total > byteCount else { return }
    files.sort { $0.used < $1.used }
    for file in files where total > byteCount / 10 * 9 {
      if unlink(file.path) == 0 { total -= file.byteCount }
    }
  }

  private struct File {
    let path: String
    let byteCount: Int
    let used: Int
  }

  private var files: [File] {
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".arrow") }.compactMap { name in
      var status = stat()
      let path = folder + "/" + name
      guard stat(path, &status) == 0 else { return nil }
      return File(path: path, byteCount: Int(status.st_size), used: status.st_mtim.tv_sec)
    }
  }

  /// Waits until no other process computes this key; the lock falls with the process that holds it.
  package func takeTurn(_ key: CacheKey) -> Turn? {
    let path = path(key) + ".lock"
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    } catch {
      return nil
    }
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
    return Turn(descriptor: descriptor, path: path)
  }

  /// The right to compute one key, until `end`.
  package struct Turn {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    package func end() {
      // Whoever waits on the removed file takes it next and finds the result.
      unlink(path)
      close(descriptor)
    }
  }
}
