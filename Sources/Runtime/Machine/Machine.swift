internal import CTimex
import Glibc

/// Facts about the machine we run on. Each is asked of the system once, by the caller who needs it.
public enum Machine {
  /// Bytes of memory there are and that programs could still get.
  public struct Memory: Equatable, Sendable {
    public let total: UInt64
    public let available: UInt64

    /// Reads the text of `/proc/meminfo`, whose figures are KiB.
    public init?(meminfo text: String) {
      func bytes(_ key: String) -> UInt64? {
        for line in text.split(separator: "\n") {
          let words = line.split(separator: " ")
          guard words.count >= 2, words[0] == "\(key):" else { continue }
          return UInt64(words[1]).flatMap { product($0, 1024) }
        }
        return nil
      }
      guard let total = bytes("MemTotal"), let available = bytes("MemAvailable") else { return nil }
      self.total = total
      self.available = available
    }
  }

  /// What the system knows about its own clock.
  public enum ClockState: String, Sendable {
    case synchronised, notSynchronised, unknown
  }

  public static func memory() -> Memory? {
    text(ofSystemFile: "/proc/meminfo").flatMap(Memory.init(meminfo:))
  }

  /// Bytes an ordinary user may still write where `path` lies.
  public static func freeDisk(at path: String) -> UInt64? {
    var figures = statvfs()
    guard statvfs(path, &figures) == 0 else { return nil }
    return product(UInt64(figures.f_bavail), UInt64(figures.f_frsize))
  }

  /// Asks the kernel whether something keeps its clock in step with the world's.
  public static func clockState() -> ClockState {
    var figures = timex()  // No mode is set, so that nothing is changed.
    switch adjtimex(&figures) {
    case -1: return .unknown
    case TIME_ERROR: return .notSynchronised
    default: return figures.status & STA_UNSYNC == 0 ? .synchronised : .notSynchronised
    }
  }

  /// The version of the time zone data, from the first line of its text form; empty where the data
  /// is there and does not say, `nil` where there is none.
  public static func timeZoneData(folder: String = "/usr/share/zoneinfo") -> String? {
    guard access("\(folder)/America/New_York", R_OK) == 0 else { return nil }
    guard let text = text(ofSystemFile: "\(folder)/tzdata.zi") else { return "" }
    let words = text.prefix { $0 != "\n" }.split(separator: " ")
    return words.count == 3 && words[1] == "version" ? String(words[2]) : ""
  }

  /// The beginning of a file of the system: these have no length to ask for.
  private static func text(ofSystemFile path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }

  private static func product(_ a: UInt64, _ b: UInt64) -> UInt64? {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? nil : product
  }
}
