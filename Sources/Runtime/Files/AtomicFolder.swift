internal import CRename
import Foundation
import Glibc

/// Puts a folder of files in place whole or not at all: readers see all old files or all new ones.
public enum AtomicFolder {
  /// Lets `body` write into a fresh folder beside `path`, which then takes its name. What was there
  /// before is exchanged for it in one step, and removed.
  ///
  /// Refused where the old folder holds anything but files of `names`: nobody's work is removed.
  public static func replace(
    _ path: String, names: Set<String>, writing body: (_ fresh: String) throws -> Void
  ) throws {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let old = try existing(path, names: names)
    let parent = Folder.parent(of: path)
    try Folder.make(parent)
    let fresh = "\(path).\(getpid())-\(UInt32.random(in: .min ... .max)).tmp"
    guard mkdir(fresh, 0o755) == 0 else { throw FileError(path: fresh, code: errno) }
    // Left behind only if the process dies in between.
    defer { remove(fresh) }
    try body(fresh)
    try Folder.synchronize(fresh)
    // Exchanged where there is an old one: at no time is there none.
    let how = old ? martinet_rename_exchange : martinet_rename_noreplace
    guard renameat2(AT_FDCWD, fresh, AT_FDCWD, path, UInt32(how)) == 0 else {
      throw FileError(path: path, code: errno)
    }
    try Folder.synchronize(parent)
  }

  /// Whether there is a folder that may be replaced.
  private static func existing(_ path: String, names: Set<String>) throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw FileError(path: path, code: errno) }
      return false
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw FolderError.notAFolder(path: path) }
    let found = try FileManager.default.contentsOfDirectory(atPath: path)
    if let other = found.sorted().first(where: { !names.contains($0) }) {
      throw FolderError.holdsOther(path: path, name: other)
    }
    return true
  }

  private static func remove(_ folder: String) {
    guard access(folder, F_OK) == 0 else { return }
    // What cannot be removed is left; its name says that it is unfinished.
    try? FileManager.default.removeItem(atPath: folder)
  }
}

/// Why a folder cannot be put in place.
public enum FolderError: DiagnosedError, Equatable {
  case notAFolder(path: String)
  case holdsOther(path: String, name: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .notAFolder(let path):
      Diagnosis(
        place: path, finding: "this is no folder",
        remedy: "name a folder, or one that is to be made",
        exitCode: .wrongUsage)
    case .holdsOther(let path, let name):
      Diagnosis(
        place: path,
        finding: "holds \(Excerpt.quoted(name)), which this program did not make there",
        remedy: "name an empty folder, or one that is to be made", exitCode: .refused)
    }
  }
}
