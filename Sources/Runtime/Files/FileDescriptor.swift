import Glibc

/// The only owner of one open file: it cannot be copied and closes exactly once.
package struct FileDescriptor: ~Copyable {
  package let path: String
  private let number: Int32

  package init(path: String, flags: Int32, mode: mode_t = 0) throws(FileError) {
    // A zero byte would cut the path short for the system, and another file would be opened.
    guard !path.utf8.contains(0) else { throw .missing(path: Excerpt.quoted(path)) }
    var opened: Int32
    repeat { opened = open(path, flags | O_CLOEXEC, mode) } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw FileError(path: path, code: errno) }
    self.path = path
    number = opened
  }

  deinit { close(number) }

  package func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw FileError(path: path, code: errno) }
    return status
  }

  /// Up to `buffer.count` bytes; zero at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    while true {
      let count = Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileError(path: path, code: errno) }
    }
  }

  /// The bytes from `offset` on, fewer where the file ends before.
  package func read(from offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        pread(number, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      if read == 0 { break }
      if read > 0 {
        done += read
      } else if errno != EINTR {
        throw FileError(path: path, code: errno)
      }
    }
    bytes.removeLast(count - done)
    return bytes
  }

  /// The first bytes of the file in memory, for reading; the caller unmaps them, or frees the one byte
  /// that stands for none.
  package func map(count: Int) throws(FileError) -> UnsafeMutableRawPointer {
    guard count > 0 else { return .allocate(byteCount: 1, alignment: 1) }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, number, 0), start != MAP_FAILED
    else {
      throw FileError(path: path, code: errno)
    }
    return start
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(number, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0 {
        guard errno == EINTR else { throw FileError(path: path, code: errno) }
      } else {
        written += count
      }
    }
  }

  /// Puts all of `bytes` at `offset`, whatever was there.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        number, bytes.baseAddress?.advanced(by: written), bytes.count - written,
        off_t(offset + written))
      if count < 0 {
        guard errno == EINTR else { throw FileError(path: path, code: errno) }
      } else {
        written += count
      }
    }
  }

  /// Cuts the file to `count` bytes, or fills it up to them with zeros.
  package func truncate(to count: Int) throws(FileError) {
    while ftruncate(number, off_t(count)) != 0 {
      guard errno == EINTR else { throw FileError(path: path, code: errno) }
    }
  }

  /// Holds the lock until the file is closed, or says that another opener of the file has it.
  package func lockIfFree() throws(FileError) -> Bool {
    while flock(number, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw FileError(path: path, code: errno) }
    }
    return true
  }

  /// Waits until no other opener of this file holds its lock, and holds it until the file is closed.
  package func lock() throws(FileError) {
    while flock(number, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError(path: path, code: errno) }
    }
  }

  /// Makes these bytes the file's only content. They are few, and go in by one call.
  package func overwrite(_ bytes: [UInt8]) throws(FileError) {
    let count = bytes.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count else {
      throw FileError(path: path, code: count < 0 ? errno : ENOSPC)
    }
    guard ftruncate(number, off_t(bytes.count)) == 0 else {
      throw FileError(path: path, code: errno)
    }
  }

  /// Returns once the disk has the data.
  package func synchronize() throws(FileError) {
    guard fsync(number) == 0 else { throw FileError(path: path, code: errno) }
  }

  /// The same without times of change, which nobody needs to find the data again.
  package func synchronizeData() throws(FileError) {
    guard fdatasync(number) == 0 else { throw FileError(path: path, code: errno) }
  }
}

/// Reads small files whole.
public enum SmallFile {
  /// The bytes of a regular file that has at most `bytesMax` of them.
  public static func read(_ path: String, bytesMax: Int) throws(FileError) -> [UInt8] {
    // Not to wait for ever on a named pipe.
    let file = try FileDescriptor(path: path, flags: O_RDONLY | O_NONBLOCK)
    guard try file.status().st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
    return try read(file, bytesMax: bytesMax)
  }

  static func read(
    _ file: borrowing FileDescriptor, bytesMax: Int
  ) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    // The size the system states can be wrong (a growing file, /proc), so it is not trusted.
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try Self.fill(&chunk, from: file)
      if count == 0 { return bytes }
      guard bytes.count + count <= bytesMax else {
        throw .tooLarge(path: file.path, bytesMax: bytesMax)
      }
      bytes += chunk.prefix(count)
    }
  }

  private static func fill(
    _ chunk: inout [UInt8], from file: borrowing FileDescriptor
  ) throws(FileError) -> Int {
    var result: Result<Int, FileError> = .success(0)
    chunk.withUnsafeMutableBytes { buffer in
      do throws(FileError) {
        result = .success(try file.read(into: buffer))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}
