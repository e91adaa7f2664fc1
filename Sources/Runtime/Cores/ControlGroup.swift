import Glibc

/// The limits a container sets on processor time, read from the control groups of Linux.
///
/// Version 2 keeps `cpu.max` ("150000 100000": microseconds of work a period), version 1
/// `cpu.cfs_quota_us` and `cpu.cfs_period_us`; the tightest limit on the way to the root holds.
public struct ControlGroup: Sendable {
  private let path: String
  private let root: String
  private let read: @Sendable (String) -> String?

  /// - Parameters:
  ///   - memberships: the text of `/proc/self/cgroup`
  ///   - root: where the file system of the control groups is mounted
  ///   - read: the text of a file, nil where there is none
  public init(
    memberships: String, root: String = "/sys/fs/cgroup",
    read: @escaping @Sendable (String) -> String?
  ) {
    self.root = root
    self.read = read
    var path = ""
    for line in memberships.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[1].split(separator: ",").contains("cpu") || (parts[1].isEmpty && path.isEmpty) {
        path = String(parts[2])
      }
    }
    self.path = path == "/" ? "" : path
  }

  /// That of this process.
  public static func current() -> ControlGroup {
    ControlGroup(memberships: smallFile("/proc/self/cgroup") ?? "", read: smallFile)
  }

  /// Processors' worth of time allowed, or nil where there is no limit.
  public func quota() -> Double? {
    var tightest: Double?
    var path = path
    while true {
      for limit in [unified(path), legacy(path)] {
        if let limit { tightest = min(tightest ?? limit, limit) }
      }
      guard let slash = path.lastIndex(of: "/") else { return tightest }
      path = String(path[..<slash])
    }
  }

  private func unified(_ path: String) -> Double? {
    guard let text = read("\(root)\(path)/cpu.max") else { return nil }
    return Self.ratio(text.split(whereSeparator: \.isWhitespace))
  }

  private func legacy(_ path: String) -> Double? {
    guard let quota = read("\(root)/cpu\(path)/cpu.cfs_quota_us"),
      let period = read("\(root)/cpu\(path)/cpu.cfs_period_us")
    else { return nil }
    return Self.ratio(
      quota.split(whereSeparator: \.isWhitespace) + period.split(whereSeparator: \.isWhitespace))
  }

  /// "max" and -1 mean no limit.
  private static func ratio(_ words: [Substring]) -> Double? {
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
      quota > 0, period > 0
    else { return nil }
    return quota / period
  }

  /// Files of these file systems have no length to ask for, so they are read to their end.
  private static func smallFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
