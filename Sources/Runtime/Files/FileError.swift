import Glibc

/// What can go wrong with a file, by what a person would do about it.
public enum FileError: DiagnosedError, Equatable {
  case missing(path: String)
  case notPermitted(path: String)
  case notARegularFile(path: String)
  case diskFull(path: String)
  case tooLarge(path: String, bytesMax: Int)
  /// The system's own words.
  case failed(path: String, reason: String)

  init(path: String, code: Int32) {
    self =
      switch code {
      case ENOENT, ENOTDIR: .missing(path: path)
      case EACCES, EPERM, EROFS: .notPermitted(path: path)
      case EISDIR: .notARegularFile(path: path)
      case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
      default: .failed(path: path, reason: SystemError.text(code))
      }
  }

  public var diagnosis: Diagnosis {
    switch self {
    case .missing(let path):
      Diagnosis(
        place: path, finding: "there is no such file",
        remedy: "check the path; it is read from the current folder", exitCode: .wrongUsage)
    case .notPermitted(let path):
      Diagnosis(
        place: path, finding: "the file may not be opened",
        remedy: "check who owns it and its mode: ls -l \(path)")
    case .notARegularFile(let path):
      Diagnosis(
        place: path, finding: "this is a folder or a device, not a file",
        remedy: "name a file", exitCode: .wrongUsage)
    case .diskFull(let path):
      Diagnosis(
        place: path, finding: "the disk is full or the quota used up",
        remedy: "free some space (df -h) and run again; what was there before is unharmed")
    case .tooLarge(let path, let bytesMax):
      Diagnosis(
        place: path, finding: "the file is larger than \(bytesMax) bytes",
        remedy: "is it the right file?", exitCode: .wrongUsage)
    case .failed(let path, let reason):
      Diagnosis(place: path, finding: reason, remedy: "check the disk and the path")
    }
  }
}

/// The system's words for an error number.
enum SystemError {
  static func text(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    // The POSIX form of strerror, which is safe on every thread.
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
  }
}
