import Foundation
import Market
import MarketData
import Numerics
import Runtime
import TestKit
import Testing

/// A year of one symbol's five-minute bars out of ten million.
@Suite("A symbol-year out of ten million bars") struct StoreRangeTests {
  private static let sessionsOfYear = 252
  private static let barsOfSession = 78
  private static let years = 10
  private static let symbols = 51

  /// Bars of whole sessions on weekdays, with prices in whole cents.
  private func batch(_ key: SeriesKey, seed: UInt64) -> BarBatch {
    let count = Self.years * Self.sessionsOfYear * Self.barsOfSession
    var random = RandomStream(seed: seed, purpose: "range")
    var cents = 10_000.0
    var columns = [[Double]](repeating: [], count: 5)
    for _ in 0..<count {
      let open = cents
      cents = max(100, (cents + 5 * random.normal()).rounded())
      let values = [open, max(open, cents) + 2, min(open, cents) - 2, cents]
      for (index, value) in values.enumerated() { columns[index].append(value / 100) }
      columns[4].append((1e4 * exp(0.5 * random.normal())).rounded())
    }
    let starts = Column((0..<count).map(Self.start))
    let ends = Column(starts.map { $0 + 300_000_000_000 })
    return BarBatch(
      symbol: key.symbol, interval: key.interval, start: starts, end: ends, knownAt: ends,
      columns: zip(["open", "high", "low", "close", "volume"], columns).map { ($0, Column($1)) })
  }

  /// Nanoseconds at which a bar begins, 14:30 UTC and later on Mondays to Fridays from 2010-01-04.
  private static func start(_ bar: Int) -> Int64 {
    let (session, place) = bar.quotientAndRemainder(dividingBy: barsOfSession)
    let day = Int64(14_613 + session / 5 * 7 + session % 5)
    return (day * 86_400 + 52_200 + Int64(place) * 300) * 1_000_000_000
  }

  @Test(
    "is read in milliseconds, from the lake and from SQLite",
    .enabled(if: FuzzBudget.isNightly, "ten million rows: set MARTINET_NIGHTLY"),
    arguments: [(StoreAddress.Kind.lake, 5.0), (.sqlite, 10.0)])
  func range(kind: StoreAddress.Kind, milliseconds: Double) throws {
    let stand = try StoreStand(kind)
    let store = try stand.address().open()
    var wanted: (key: SeriesKey, batch: BarBatch)?
    for number in 0..<Self.symbols {
      let key = try StoreSamples.key("S\(number)")
      let batch = batch(key, seed: UInt64(number))
      try store.declare(key, as: StoreSamples.declaration)
      _ = try store.write(batch, to: key, recordedAt: StoreSamples.instant(0))
      if number == Self.symbols / 2 { wanted = (key, batch) }
    }
    let rows = try store.series().reduce(0) { $0 + $1.barCount }
    #expect(rows >= 10_000_000)

    let (key, batch) = try #require(wanted)
    let length = Self.sessionsOfYear * Self.barsOfSession
    let range = 5 * length..<6 * length
    let query = BarQuery(
      key,
      starts: Timestamp(
        nanoseconds: Self.start(range.lowerBound))..<Timestamp(
          nanoseconds: Self.start(range.upperBound)))
    var times: [Double] = []
    var found: StoredBars?
    let time = SystemTime()
    for _ in 0..<40 {
      let begin = time.monotonicNanoseconds
      found = try store.bars(query)
      times.append(Double(time.monotonicNanoseconds - begin) / 1e6)
    }
    times.sort()
    let bars = try #require(found).bars
    #expect(bars.count == length)
    for (name, values) in batch.columns {
      #expect(bars[name].map { Array($0) } == Array(Array(values)[range]))
    }
    print(
      "a symbol-year of \(length) bars out of \(rows) from \(kind): median "
        + String(format: "%.2f ms, best %.2f ms", times[times.count / 2], times[0]))
    // Four times what a quiet machine has to keep.
    #expect(times[0] < 4 * milliseconds)
  }
}
