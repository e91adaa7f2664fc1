import Market
import Numerics
import Synchronization

/// One back-test of several that run side by side.
public struct BacktestJob<S: Strategy>: Sendable {
  public var frames: [Frame]
  public var strategy: S
  public var settings: BacktestSettings

  public init(frames: [Frame], strategy: S, settings: BacktestSettings) {
    self.frames = frames
    self.strategy = strategy
    self.settings = settings
  }
}

extension Backtest {
  /// Runs each job on one thread, several at once; results stand in the jobs' order and are the same
  /// on any number of threads.
  public static func runAll<S: Strategy>(
    _ jobs: [BacktestJob<S>], on pool: Pool = .shared
  ) -> [Result<BacktestResult, BacktestError>] {
    let results = Mutex<[Result<BacktestResult, BacktestError>?]>(
      Array(repeating: nil, count: jobs.count))
    pool.forEachChunk(of: jobs.count) { range in
      for index in range {
        let job = jobs[index]
        let result = Result { () throws(BacktestError) in
          try run(frames: job.frames, strategy: job.strategy, settings: job.settings)
        }
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
