import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("A feed that goes silent") struct PaperWatchTests {
  private static let minute: Int64 = 60_000_000_000

  /// Minutes of a Monday from 10:00 in New York on.
  private func frame(minutes: Range<Int>) throws -> Frame {
    let symbol = try #require(Symbol("TEST"))
    let ten = Zone.newYork.instant(
      on: try CivilDate(parsing: "2024-01-08"), secondOfDay: 10 * 3600
    ).nanoseconds
    let starts = minutes.map { ten + Int64($0) * Self.minute }
    let closes = minutes.map { 100 + sin(Double($0) * 0.7) * 3 }
    return Frame(
      symbol: symbol, interval: .minute, start: Column(starts),
      end: Column(starts.map { $0 + Self.minute }),
      knownAt: Column(starts.map { $0 + Self.minute }),
      columns: [
        "open": Column(closes), "high": Column(closes.map { $0 + 1 }),
        "low": Column(closes.map { $0 - 1 }), "close": Column(closes),
        "volume": Column(closes.map { _ in 1e6 }),
      ])
  }

  private func begin(_ folder: ScratchFolder) throws -> PaperFolder {
    try PaperFolder.begin(
      at: folder.path("account"), frames: [frame(minutes: 0..<20)],
      recipe: .shipped(
        "sma_cross", StrategyCatalogue.values(["fast": 2, "slow": 5], of: SMACross.self)),
      settings: BacktestSettings(), trialSessions: 2)
    return try PaperFolder(at: folder.path("account"))
  }

  /// Follows bars that come as `there` says, by a clock that jumps 20 seconds at every look, until `seconds`
  /// of it are over.
  private func follow(
    _ folder: PaperFolder, seconds: Int64, there: (Int64) -> Range<Int>
  ) throws {
    let clock = SimulatedTime()
    var options = PaperRun.Options()
    options.following = 1
    _ = try PaperRun.run(
      folder, options, killSwitch: nil, clock: clock,
      wait: {
        clock.advance(to: Timestamp(nanoseconds: clock.now.nanoseconds + 20_000_000_000))
        if clock.monotonicNanoseconds >= seconds * 1_000_000_000 {
          do { try folder.askToStop() } catch { Issue.record(error) }
        }
      },
      bars: { [try frame(minutes: there(clock.monotonicNanoseconds / 1_000_000_000))] })
  }

  @Test("is noticed, flagged, kept over a restart, and over when bars come again") func silence()
    throws
  {
    let scratch = try ScratchFolder("silence")
    let folder = try begin(scratch)
    // A bar is due a minute after the last, and may be two minutes late: silence begins after three.
    try follow(folder, seconds: 170) { _ in 0..<20 }
    let calm = try PaperReport(folder)
    #expect(!calm.isFeedSilent && calm.anomalies.isEmpty)
    try follow(folder, seconds: 400) { _ in 0..<20 }
    let silent = try PaperReport(folder)
    #expect(silent.isFeedSilent && silent.anomalies.count == 1)
    #expect(silent.anomalies.first?.finding.contains("data") == true)
    let areStale = silent.ages.allSatisfy { $0.isStale }
    #expect(areStale)
    // Another process finds it so, and does not say it twice.
    try follow(folder, seconds: 400) { _ in 0..<20 }
    let still = try PaperReport(folder)
    #expect(still.isFeedSilent && still.anomalies.count == 1)
    try follow(folder, seconds: 300) { $0 < 200 ? 0..<20 : 0..<60 }
    let over = try PaperReport(folder)
    #expect(!over.isFeedSilent && over.anomalies.count == 1)
    #expect(over.fills.contains { $0.time > (silent.lastTime ?? $0.time) })
  }

  @Test("is no silence at night: the next bar is due when the market has opened") func night()
    throws
  {
    let scratch = try ScratchFolder("night")
    let folder = try begin(scratch)
    // From 10:20 to the close there are 20,400 seconds, and from there to the open 63,000.
    try follow(folder, seconds: 20_000) { $0 < 60 ? 0..<20 : 0..<360 }
    let close = try PaperReport(folder)
    #expect(!close.isFeedSilent)
    try follow(folder, seconds: 62_000) { _ in 0..<360 }
    let closed = try PaperReport(folder)
    #expect(!closed.isFeedSilent)
    try follow(folder, seconds: 64_000) { _ in 0..<360 }
    let late = try PaperReport(folder)
    #expect(late.isFeedSilent)
  }
}
