import Foundation

/// How long a process stood ready to run while others had the cores, and how long it had them.
///
/// A figure measured meanwhile says nothing: two threads that wait for each other, one of them without
/// a core, become hundreds of times slower than they are. Linux counts the nanoseconds for every
/// thread (CONFIG_SCHED_INFO); where it does not, nothing seems disturbed.
enum Waiting {
  /// More of the time than this spent waiting spoils a measurement.
  static let tolerated = 0.03

  /// Seconds that all threads of a process have had a core so far, and that they have waited for one.
  private struct Seconds {
    var running = 0.0
    var waiting = 0.0

    init(of process: pid_t) {
      let folder = "/proc/\(process)/task"
      guard let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        return  // The process is gone, which whoever talks with it will notice.
      }
      for thread in threads {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(thread)/schedstat")
        else { continue }
        let words = String(decoding: data, as: UTF8.self).split(separator: " ")
        guard words.count > 1 else { continue }
        running += (Double(words[0]) ?? 0) * 1e-9
        waiting += (Double(words[1]) ?? 0) * 1e-9
      }
    }
  }

  /// What part of the time that the body took the process waited.
  static func share<Result>(
    of process: pid_t, during body: () throws -> Result
  ) rethrows -> (Result, share: Double) {
    let before = Seconds(of: process).waiting
    var result: Result?
    let taken = try Stopwatch.seconds { result = try body() }
    let waited = max(0, Seconds(of: process).waiting - before)
    guard let result else { preconditionFailure("the body returned") }
    return (result, waited / taken)
  }

  /// Rests until the side that had its turn leaves the cores alone: the threads of some libraries,
  /// OpenBLAS among them, wait for more work in a loop for a tenth of a second. A side that never
  /// rests is not waited for longer than a second.
  static func rest(of process: pid_t) {
    // Several ticks of the system's clock (4 ms), at which running threads are charged.
    let window = 0.02
    for _ in 0..<50 {
      let before = Seconds(of: process).running
      usleep(UInt32(window * 1e6))
      if Seconds(of: process).running - before < 0.05 * window { return }
    }
  }
}
