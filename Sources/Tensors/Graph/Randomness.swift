import Numerics

/// Where chance in a computation comes from: a number for the run, which counts up, and one for each
/// use, so that a mask can be made again for the gradient instead of being kept.
///
/// Safe to share because only the owner of a plan changes the run's number, between runs.
final class Randomness: @unchecked Sendable {
  let seed: UInt64
  private(set) var uses = 0
  let run: UnsafeMutablePointer<UInt64>

  init(seed: UInt64) {
    self.seed = seed
    run = .allocate(capacity: 1)
    run.initialize(to: 0)
  }

  deinit { run.deallocate() }

  /// The number of a new use.
  func use() -> Int {
    defer { uses += 1 }
    return uses
  }
}
