import Foundation
import Runtime

/// Files of one kind, one a key, of which those not used for longest go where there is no more room.
package struct CacheFolder: Sendable {
  package let folder: String
  /// Of the files' names, with its dot.
  package let ending: String
  /// So much may lie there.
  package let byteCount: Int

  package init(folder: String, ending: String, byteCount: Int = 8 << 30) {
    self.folder = folder
    self.ending = ending
    self.byteCount = byteCount
  }

  /// A part of the user's cache folder, or `nil` where there is no home.
  package static func ofUser(_ name: String, ending: String) -> CacheFolder? {
    let environment = ProcessInfo.processInfo.environment
    guard let base = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map({ $0 + "/.cache" }),
      base.hasPrefix("/")
    else { return nil }
    return CacheFolder(folder: "\(base)/martinet/\(name)", ending: ending)
  }

  package func path(_ key: SHA256Digest) -> String {
    let name = key.description
    return "\(folder)/\(name.prefix(2))/\(name)\(ending)"
  }

  /// Marks a file as used; the time of reading is not kept on most disks.
  package func touch(_ path: String) { utimes(path, nil) }

  /// Removes the files not used for longest until nine tenths of the room are taken.
  package func makeRoom() {
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
    return names.filter { $0.hasSuffix(ending) }.compactMap { name in
      var status = stat()
      let path = folder + "/" + name
      guard stat(path, &status) == 0 else { return nil }
      return File(path: path, byteCount: Int(status.st_size), used: status.st_mtim.tv_sec)
    }
  }
}
