import Market
import Numerics
import Runtime
import Testing
import Trading

@Suite("What a person reads about a back-test that cannot be") struct RefusalWordsTests {
  @Test("books that refuse say what would have become of them") func ledger() {
    let told: [(LedgerError, String, ExitCode)] = [
      (.noCapital(.zero), "0 is nothing to trade with", .wrongUsage),
      (.unbalanced(.deposit, steps: 5), "debits and credits differ by 0.0005", .refused),
    ]
    for (error, finding, code) in told {
      #expect(error.diagnosis.finding == finding && error.diagnosis.exitCode == code, "\(error)")
      #expect(!error.diagnosis.remedy.isEmpty)
    }
  }

  @Test("settings are named with their key, their value and what is allowed") func settings() throws
  {
    let frame = try HandFrames.walk(bars: 50, seed: 1)
    let reserve = #expect(throws: BacktestError.self) {
      try BuyAndHold().run(on: frame) { $0.cashReserve = 1 }
    }
    #expect(reserve?.diagnosis.place == "cash_reserve")
    #expect(reserve?.diagnosis.finding == "1.0 is not a part from 0 to below 1")
    let averages = #expect(throws: BacktestError.self) { try SMACross(fast: 50, slow: 20) }
    #expect(averages?.diagnosis.place == "fast" && averages?.diagnosis.exitCode == .wrongUsage)
    let none = #expect(throws: BacktestError.self) {
      try Backtest.run(frames: [], strategy: BuyAndHold(), settings: BacktestSettings())
    }
    #expect(none?.diagnosis.remedy == "name one: --symbols NVDA")
    let mixed = BacktestError.mixedIntervals(frame.symbol, .week, expected: .day).diagnosis
    #expect(mixed.finding.contains("1w") && mixed.remedy.contains("--interval 1d"))
  }
}
