import Glibc

/// What a room that keeps files of its own asks of a folder.
package enum Folder {
  /// The names in a folder, in order; a folder that is not there or may not be listed is an error.
  package static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else { throw FileError(path: folder, code: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes a folder and those it lies in, and waits until the disk has them.
  package static func make(_ path: String, mode: UInt32 = 0o755) throws(FileError) {
    if access(path, F_OK) == 0 { return }
    let parent = Self.parent(of: path)
    if parent != "." { try make(parent, mode: mode) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else {
      throw FileError(path: path, code: errno)
    }
    try synchronize(parent)
  }

  /// Makes a folder that is not there; false where something of the name is there already.
  package static func makeNew(_ path: String) throws(FileError) -> Bool {
    if mkdir(path, 0o755) == 0 { return true }
    guard errno == EEXIST else { throw FileError(path: path, code: errno) }
    return false
  }

  /// Returns once the disk has the names of what is in the folder.
  package static func synchronize(_ path: String) throws(FileError) {
    let folder = try FileDescriptor(path: path, flags: O_RDONLY | O_DIRECTORY)
    try folder.synchronize()
  }

  package static func rename(_ path: String, to other: String) throws(FileError) {
    guard Glibc.rename(path, other) == 0 else { throw FileError(path: path, code: errno) }
  }

  package static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 else { throw FileError(path: path, code: errno) }
  }

  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
