import Glibc

/// Writes a file whole or not at all: readers see the old content or the new, never a part.
public enum AtomicFile {
  /// Returns once the disk has the bytes and the name.
  ///
  /// They are written beside the old file, synced, and take its name; the folder is synced last.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644
  ) throws(FileError) {
    try replace(path) { fresh throws(FileError) in
      try writeSynced(bytes, to: fresh, mode: mode)
    } failure: {
      $0
    }
    try Folder.synchronize(Folder.parent(of: path))
  }

  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Lets `body` write a file beside `path`, which then takes its name; nothing is synced.
  public static func replace<Failure: Error>(
    _ path: String, writing body: (_ fresh: String) throws(Failure) -> Void,
    failure: (FileError) -> Failure
  ) throws(Failure) {
    let fresh = "\(path).\(getpid())-\(UInt32.random(in: .min ... .max))\(unfinished)"
    do throws(Failure) {
      try body(fresh)
      guard rename(fresh, path) == 0 else { throw failure(FileError(path: path, code: errno)) }
    } catch {
      unlink(fresh)  // Left behind only if the process dies in between.
      throw error
    }
  }

  /// Whether a file of this name is what a process that died left of writing `target`.
  public static func isRemnant(_ name: String, of target: String) -> Bool {
    name.hasPrefix(target + ".") && name.hasSuffix(unfinished)
  }

  private static let unfinished = ".tmp"

  private static func writeSynced(
    _ bytes: [UInt8], to path: String, mode: UInt32
  ) throws(FileError) {
    let file = try FileDescriptor(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode)
    try file.write(bytes)
    try file.synchronize()
  }
}
