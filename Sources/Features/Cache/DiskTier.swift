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

  private let files: CacheFolder

  package init(_ files: CacheFolder) { self.files = files }

  /// - Parameter byteCount: so much may lie there
  package init(folder: String, byteCount: Int = 8 << 30) {
    self.init(CacheFolder(folder: folder, ending: Self.ending, byteCount: byteCount))
  }

  private static let ending = ".arrow"

  /// In the user's cache folder, or `nil` where there is no home.
  static let ofUser: DiskTier? = CacheFolder.ofUser("features", ending: ending).map { DiskTier($0) }

  private static let hashNote = "martinet.sha256"

  package func path(_ key: CacheKey) -> String { files.path(key.digest) }

  package func read(_ key: CacheKey) -> Reading {
    let path = path(key)
    guard access(path, F_OK) == 0 else { return .absent }
    do {
      let table = try ArrowFile.map(path)
      guard table.notes[Self.hashNote] == Self.hash(table).description else {
        unlink(path)
        return .damaged
      }
      files.touch(path)
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
    files.makeRoom()
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
