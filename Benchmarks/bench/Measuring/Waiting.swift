import Foundation

/// How long a process stood ready to run while others had the cores.
///
/// A figure measured meanwhile says nothing: two threads that wait for each other, one of them without
/// a core, become hundreds of times slower than they are. Linux counts the nanoseconds for every
/// thread (CONFIG_SCHED_INFO); where it does not, nothing seems disturbed.
enum Waiting {
  /// More of the time than this spent waiting spoils a measurement.
  static let tolerated = 0.03

  /// Seconds that all threads of the process have waited so far.
  static func seconds(of process: pid_t) -> Double {
    let folder = "/proc/\(process)/task"
    guard let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      return 0  // The process is gone, which whoever talks with it will notice.
    }
    return threads.reduce(0) { total, thread in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(thread)/schedstat")
      else { return total }
      let words = String(decoding: data, as: UTF8.self).split(separator: " ")
      return total + (words.count > 1 ? (Double(words[1]) ?? 0) * 1e-9 : 0)
    }
  }

  /// What part of the time that the body took the process waited.
  static func share<Result>(
    of process: pid_t, during body: () throws -> Result
  ) rethrows -> (Result, share: Double) {
    let before = seconds(of: process)
    var result: Result?
    let taken = try Stopwatch.seconds { result = try body() }
    let waited = max(0, seconds(of: process) - before)
    guard let result else { preconditionFailure("the body returned") }
    return (result, waited / taken)
  }
}
