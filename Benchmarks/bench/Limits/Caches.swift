import Foundation

/// The levels of memory of this machine and how many bytes each holds.
enum MemoryLevel: String, CaseIterable, Sendable {
  case l1 = "L1"
  case l2 = "L2"
  case l3 = "L3"
  case memory
}

/// Bytes of the caches of one core, as the system states them.
struct Caches: Sendable {
  let l1: Int
  let l2: Int
  /// Shared by all cores.
  let l3: Int

  /// Common sizes stand in for what a virtual machine does not say.
  static func current() -> Caches {
    Caches(l1: size(index: 0) ?? 32 << 10, l2: size(index: 2) ?? 1 << 20, l3: size(index: 3) ?? 0)
  }

  /// The fastest level that holds so many bytes on so many threads.
  func fastest(for bytes: Double, threads: Int) -> MemoryLevel {
    if bytes <= Double(l1 * threads) { return .l1 }
    if bytes <= Double(l2 * threads) { return .l2 }
    return bytes <= Double(l3) ? .l3 : .memory
  }

  /// Bytes that one thread moves to and fro to measure a level: well inside it, well above the last.
  func probeBytes(of level: MemoryLevel, threads: Int) -> Int {
    switch level {
    case .l1: l1 / 2
    case .l2: max(l2 / 2, 2 * l1)
    case .l3: max(l3 / 2 / threads, 2 * l2)
    case .memory: 256 << 20
    }
  }

  private static func size(index: Int) -> Int? {
    let path = "/sys/devices/system/cpu/cpu0/cache/index\(index)/size"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasSuffix("K") else { return nil }
    return Int(text.dropLast()).map { $0 << 10 }
  }
}
