import Foundation
import Glibc
import Runtime
import Synchronization

/// Draws how far a fit has come, with its live loss.
package final class FitProgressLine: FitCallback {
  private let label: String
  private let meter: Mutex<ProgressMeter?>
  private let begin: @Sendable (Int) -> ProgressMeter

  /// - Parameter begin: makes the meter once the number of steps is known
  package init(_ label: String, _ begin: @escaping @Sendable (Int) -> ProgressMeter) {
    self.label = label
    self.begin = begin
    meter = Mutex(nil)
  }

  package func reached(_ moment: FitMoment) -> String? {
    let meter = meter.withLock { meter in
      if let meter { return meter }
      let fresh = begin(moment.steps)
      meter = fresh
      return fresh
    }
    meter.update(
      done: moment.step,
      label: "\(label)  loss \(NumberText.ratio(moment.loss, decimals: 4))"
        + (moment.validationLoss.map { "  val \(NumberText.ratio($0, decimals: 4))" } ?? ""))
    return nil
  }

  package func finish() { meter.withLock { $0?.finish() } }
}

/// Ends a fit that takes more memory than it may, while it can still keep what it has.
package struct MemoryWatch: FitCallback {
  package let bytesMax: Int

  package init(bytesMax: Int) { self.bytesMax = bytesMax }

  package func reached(_ moment: FitMoment) -> String? {
    guard let bytes = Self.resident, bytes > bytesMax else { return nil }
    return "the process takes \(NumberText.bytes(UInt64(bytes))), more than the "
      + "\(NumberText.bytes(UInt64(bytesMax))) that it may"
  }

  /// What the process holds in memory; nil where the system does not say.
  package static var resident: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil  // No such file system: the watch then watches nothing.
    }
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
  }
}
