import Runtime

/// The few acts on files that a journal needs, so that a disk that tears writes, forgets names and
/// fills up can stand in for the true one.
public protocol JournalDisk: AnyObject {
  /// Said in messages: the folder.
  var place: String { get }
  /// The names of the files that are there, in order.
  func names() throws(FileError) -> [String]
  func read(_ name: String) throws(FileError) -> [UInt8]
  /// Makes an empty file of a name that is free.
  func create(_ name: String) throws(FileError)
  func write(
    _ bytes: UnsafeRawBufferPointer, to name: String, at offset: Int
  ) throws(FileError)
  /// Cuts a file, or fills it up with zeros.
  func truncate(_ name: String, to count: Int) throws(FileError)
  /// Returns once the disk has the bytes of a file, though not yet its name.
  func synchronize(_ name: String) throws(FileError)
  /// Gives a file another name, in place of what had that name.
  func rename(_ name: String, to other: String) throws(FileError)
  func remove(_ name: String) throws(FileError)
  /// Returns once the disk has the names.
  func synchronizeNames() throws(FileError)
}

extension JournalDisk {
  func write(_ bytes: [UInt8], to name: String, at offset: Int) throws(FileError) {
    var failure: FileError?
    bytes.withUnsafeBytes { buffer in
      do throws(FileError) { try write(buffer, to: name, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
