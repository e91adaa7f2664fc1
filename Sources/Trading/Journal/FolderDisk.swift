import Glibc
import Runtime

/// A folder on the true disk, held by one writing process at a time.
public final class FolderDisk: JournalDisk {
  public let place: String
  /// Locked as long as this value lives; a reader has none.
  private let lock: FileDescriptor?
  /// The file that was asked for last: nearly always the one asked for next.
  private var current: Opened?

  private final class Opened {
    let name: String
    let file: FileDescriptor

    init(_ name: String, _ file: consuming FileDescriptor) {
      self.name = name
      self.file = file
    }
  }

  private static let lockName = "lock"

  /// Makes the folder where it is not there, and refuses one that another process writes to.
  public init(_ folder: String) throws(JournalError) {
    place = folder
    do throws(FileError) {
      try Folder.make(folder, mode: 0o700)
      let file = try FileDescriptor(
        path: folder + "/" + Self.lockName, flags: O_RDWR | O_CREAT, mode: 0o600)
      if try file.lockIfFree() {
        lock = consume file
        return
      }
    } catch {
      throw .file(error)
    }
    throw .inUse(folder)
  }

  /// For reading alone: it takes no lock and makes nothing.
  public init(reading folder: String) {
    place = folder
    lock = nil
  }

  public func names() throws(FileError) -> [String] {
    try Folder.names(in: place).filter { $0 != Self.lockName }
  }

  public func read(_ name: String) throws(FileError) -> [UInt8] {
    try SmallFile.read(path(name), bytesMax: .max)
  }

  public func create(_ name: String) throws(FileError) {
    current = nil
    current = Opened(
      name,
      try FileDescriptor(path: path(name), flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600))
  }

  public func write(
    _ bytes: UnsafeRawBufferPointer, to name: String, at offset: Int
  ) throws(FileError) {
    try open(name)
    try current?.file.write(bytes, at: offset)
  }

  public func truncate(_ name: String, to count: Int) throws(FileError) {
    try open(name)
    try current?.file.truncate(to: count)
  }

  public func synchronize(_ name: String) throws(FileError) {
    try open(name)
    try current?.file.synchronizeData()
  }

  public func rename(_ name: String, to other: String) throws(FileError) {
    current = nil
    try Folder.rename(path(name), to: path(other))
  }

  public func remove(_ name: String) throws(FileError) {
    current = nil
    try Folder.remove(path(name))
  }

  public func synchronizeNames() throws(FileError) { try Folder.synchronize(place) }

  private func open(_ name: String) throws(FileError) {
    if let current, current.name == name { return }
    current = nil
    current = Opened(name, try FileDescriptor(path: path(name), flags: O_RDWR))
  }

  private func path(_ name: String) -> String { place + "/" + name }
}
