import Market
import Runtime

/// What runs will take beside the bars they are made over, as measured on hundreds of thousands of bars; of what
/// nobody can tell beforehand the ceiling itself takes care.
enum MemoryNeed {
  /// A back-test, with its judgement and its page.
  static let backtestPerBar = 600
  /// A sweep, with its overfitting estimate: once, and for each setting.
  static let sweepPerBar = 1000
  static let settingPerBar = 8

  static func check(backtestOver frames: [Frame]) throws(MemoryError) {
    try check(bars(frames), perBar: backtestPerBar, "the back-test")
  }

  static func check(sweepOver frames: [Frame], settings: Int) throws(MemoryError) {
    try check(bars(frames), perBar: sweepPerBar + settingPerBar * settings, "the sweep")
  }

  private static func bars(_ frames: [Frame]) -> Int { frames.reduce(0) { $0 + $1.count } }

  private static func check(_ bars: Int, perBar: Int, _ what: String) throws(MemoryError) {
    try MemoryCeiling.check(
      MemorySize(byteCount: UInt64(bars) * UInt64(perBar)),
      for: "\(what) over \(NumberText.count(bars)) bars")
  }
}
