import Foundation
import Numerics

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
  /// Where the next byte to be read stands.
  private var position: Int64 = 0

  init(path: String) throws(DataError) {
    self.path = path
    // A zero byte would cut the path short for the system, and another file would be opened.
    // Not to wait for ever on a named pipe.
    descriptor = path.utf8.contains(0) ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    let statusResult = fstat(descriptor, &status)
    guard statusResult == 0, status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a pipe or a device"
      let reason = statusResult == 0 ? "it is \(kind)" : String(cString: strerror(errno))
      close(descriptor)
      throw .unreadable(path: path, reason: reason)
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// What is read next are the file's last `count` bytes.
  func seek(fromEnd count: Int) throws(DataError) {
    position = Int64(lseek(descriptor, -off_t(count), SEEK_END))
    guard position >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Copied out of the system's cache by several threads, where it is much.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard let start = buffer.baseAddress, !buffer.isEmpty else { return 0 }
    let partition = Pool.shared.partition(of: buffer.count, minimumChunk: 256 << 10)
    let total = withUnsafeTemporaryAllocation(of: Int.self, capacity: partition.parts) { counts in
      Pool.shared.forEachPart(of: partition) { part, range in
        counts[part] = Self.read(
          descriptor, start + range.lowerBound, range.count, at: position + Int64(range.lowerBound))
      }
      var total = 0
      for part in 0..<partition.parts {
        if counts[part] < 0 { return counts[part] }
        total += counts[part]
        // What was read behind a gap is read again.
        if counts[part] < partition[part].count { break }
      }
      return total
    }
    guard total >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(Int32(-total))))
    }
    position += Int64(total)
    return total
  }

  /// How many bytes could be read, or the negative of the system's error.
  private static func read(
    _ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ wanted: Int, at position: Int64
  ) -> Int {
    while true {
      let count = pread(descriptor, target, wanted, off_t(position))
      if count >= 0 { return count }
      if errno != EINTR { return -Int(errno) }
    }
  }
}
