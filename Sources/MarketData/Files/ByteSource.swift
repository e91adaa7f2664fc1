import Foundation

/// The bytes of a file from first to last, unpacked on the way where it is packed.
protocol ByteSource: AnyObject {
  /// How many there will be, where that is known; only a hint, because files grow.
  var byteCount: Int? { get }
  /// Fills `buffer` from its start; zero only behind the last byte.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int
}

/// The bytes of a file as they lie on the disk. It owns the file descriptor.
///
/// Reading rather than mapping: a mapped file that another program cuts short ends this program
/// with a signal.
final class FileBytes: ByteSource {
  let path: String
  let byteCount: Int?
  private let descriptor: Int32

  init(path: String) throws(DataError) {
    self.path = path
    // A zero byte would cut the path short for the system, and another file would be opened.
    descriptor = path.utf8.contains(0) ? -1 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    let statusResult = fstat(descriptor, &status)
    guard statusResult == 0, status.st_mode & S_IFMT != S_IFDIR else {
      let reason = statusResult == 0 ? "it is a folder" : String(cString: strerror(errno))
      close(descriptor)
      throw .unreadable(path: path, reason: reason)
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// What is read next are the file's last `count` bytes.
  func seek(fromEnd count: Int) throws(DataError) {
    guard lseek(descriptor, -off_t(count), SEEK_END) >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw .unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }
}
