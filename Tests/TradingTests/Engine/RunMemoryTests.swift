import Glibc
import Market
import Runtime
import Testing
import Trading

@Suite("Memory of runs") struct RunMemoryTests {
  /// Runs in a process of its own, whose memory no other test touches.
  @Test("A thousand runs in one process do not grow its memory") func thousand() async {
    await #expect(processExitsWith: .success) {
      let frames = [
        try HandFrames.walk("A", bars: 250, seed: 1), try HandFrames.walk("B", bars: 250, seed: 2),
      ]
      var settings = BacktestSettings()
      settings.resamples = 100
      settings.limits = RiskLimits()
      settings.limits.sector.most = nil
      func run(_ count: Int) throws {
        for _ in 0..<count {
          let (result, journal) = try Backtest.run(
            frames: frames, strategy: SMACross(fast: 3, slow: 9), settings: settings,
            journal: MemoryJournal())
          guard result.bars == 250, try journal.records().count > 100 else { exit(2) }
        }
      }
      try run(100)
      guard let before = MemoryCeiling.resident else { exit(3) }
      try run(1000)
      guard let after = MemoryCeiling.resident else { exit(3) }
      // One run leaves some 200 KB behind while it lasts: a tenth of that a run would be 20 MB.
      let grown = Int64(after.byteCount) - Int64(before.byteCount)
      guard grown < 4 << 20 else {
        print("grew by \(grown) bytes")
        exit(1)
      }
    }
  }
}
