import Foundation
import Runtime

/// What folders of data are asked of the file system.
enum Files {
  /// The system's word about the last call.
  static func failure(_ path: String) -> FileError {
    [ENOSPC, EDQUOT, EFBIG].contains(errno)
      ? .diskFull(path: path) : .failed(path: path, reason: String(cString: strerror(errno)))
  }

  static func synchronize(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  /// Makes a folder and those it lies in, and waits until the disk has them.
  static func makeFolder(_ path: String) throws {
    if access(path, F_OK) == 0 { return }
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    if parent != "." { try makeFolder(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure(path) }
    try synchronize(parent)
  }

  /// The names in a folder, in order; none where there is no such folder.
  static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw failure(folder)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}

/// Lists folders for readers of data.
enum DataListing {
  /// The names in a folder, in order; none where there is no such folder. One that may not be listed
  /// is not an empty one.
  static func names(in folder: String) throws(DataError) -> [String] {
    do {
      return try Files.names(in: folder)
    } catch {
      throw .unreadable(path: folder, reason: error.diagnosis.finding)
    }
  }
}
