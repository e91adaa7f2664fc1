import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

/// A mistake put into a clean series, and what must be found there.
struct Defect: Sendable, CustomTestStringConvertible {
  let code: FindingCode
  let name: String
  /// Spoils the series near a row, and gives the start of the bar that must be named.
  let plant: @Sendable (inout DraftBars, Int, inout SeededGenerator) -> Timestamp

  var testDescription: String { name }

  init(
    _ code: FindingCode, _ name: String,
    _ plant: @escaping @Sendable (inout DraftBars, Int, inout SeededGenerator) -> Timestamp
  ) {
    self.code = code
    self.name = name
    self.plant = plant
  }

  /// One figure of one bar.
  init(
    _ code: FindingCode, _ name: String,
    figure: @escaping @Sendable (inout DraftBars.Row, inout SeededGenerator) -> Void
  ) {
    self.init(code, name) { draft, row, random in
      figure(&draft.rows[row], &random)
      return draft.rows[row].start
    }
  }

  /// The column that is hit.
  private static func price(
    _ random: inout SeededGenerator
  ) -> WritableKeyPath<DraftBars.Row, Double> {
    let all: [WritableKeyPath<DraftBars.Row, Double>] = [\.open, \.high, \.low, \.close]
    return all[Int.random(in: 0..<4, using: &random)]
  }

  static let ofFigures: [Defect] = [
    Defect(.missingPrice, "NaN") { row, random in row[keyPath: price(&random)] = .nan },
    Defect(.infinitePrice, "infinite") { row, random in row[keyPath: price(&random)] = .infinity },
    Defect(.zeroPrice, "zero") { row, random in row[keyPath: price(&random)] = 0 },
    Defect(.negativePrice, "negative") { row, random in row[keyPath: price(&random)] *= -1 },
    Defect(.highBelowLow, "high and low swapped") { row, _ in
      (row.high, row.low) = (row.low * 0.999, row.high)
    },
    Defect(.outsideRange, "open above high") { row, _ in row.open = row.high * 1.01 },
    Defect(.outsideRange, "close below low") { row, _ in row.close = row.low * 0.99 },
    Defect(.missingVolume, "volume NaN") { row, _ in row.volume = .nan },
    Defect(.negativeVolume, "volume negative") { row, _ in row.volume = -row.volume },
    Defect(.zeroVolume, "volume zero") { row, _ in row.volume = 0 },
    Defect(.badTimes, "ends as it starts") { row, _ in row.end = row.start },
    Defect(.badTimes, "known before it ends") { row, _ in
      row.knownAt = Timestamp(nanoseconds: row.end.nanoseconds - 1)
    },
  ]

  static let ofOrder: [Defect] = [
    Defect(.duplicateBar, "a bar twice") { draft, row, _ in
      draft.rows.insert(draft.rows[row], at: row + 1)
      return draft.rows[row].start
    },
    Defect(.duplicateBar, "a bar twice with other figures") { draft, row, _ in
      var other = draft.rows[row]
      other.volume += 1
      draft.rows.insert(other, at: row)
      return other.start
    },
    Defect(.outOfOrder, "two bars change places") { draft, row, _ in
      draft.rows.swapAt(row, row + 1)
      return draft.rows[row + 1].start
    },
    Defect(.missingBars, "bars left out") { draft, row, random in
      let start = draft.rows[row].start
      draft.rows.removeSubrange(row..<row + Int.random(in: 1...4, using: &random))
      return start
    },
  ]

  static let ofPrices: [Defect] = [
    Defect(.priceSpike, "close far off") { row, random in
      let factor = Double.random(in: 1.6...20, using: &random)
      row.close *= Bool.random(using: &random) ? factor : 1 / factor
      row.high = max(row.high, row.close)
      row.low = min(row.low, row.close)
    },
    Defect(.priceSpike, "a whole bar a power of ten off") { row, random in
      let factor = random.element([0.01, 0.1, 10, 100])
      (row.open, row.high, row.low, row.close) = (
        row.open * factor, row.high * factor, row.low * factor, row.close * factor
      )
    },
    Defect(.priceSpike, "open far off") { row, random in
      row.open *= Double.random(in: 1.7...5, using: &random)
      row.high = max(row.high, row.open)
    },
    Defect(.priceSpike, "high far off") { row, random in
      row.high *= Double.random(in: 1.7...9, using: &random)
    },
    Defect(.priceSpike, "low far off") { row, random in
      row.low /= Double.random(in: 1.7...9, using: &random)
    },
  ]

  static let ofDays: [Defect] = [
    Defect(.barOnClosedDay, "a bar on a Sunday") { draft, row, _ in
      let week = 7 * Timestamp.nanosecondsPerDay
      // 1970-01-04 was a Sunday.
      let day = draft.rows[row].start.nanoseconds / Timestamp.nanosecondsPerDay
      let sunday = (day - 3) / 7 * week + 3 * Timestamp.nanosecondsPerDay
      var bar = draft.rows[row]
      bar.start = Timestamp(nanoseconds: sunday + 15 * 3_600_000_000_000)
      bar.end = Timestamp(nanoseconds: bar.start.nanoseconds + 3_600_000_000_000)
      bar.knownAt = bar.end
      let place = draft.rows.firstIndex { $0.start > bar.start } ?? 0
      draft.rows.insert(bar, at: place)
      return bar.start
    },
    Defect(.unexplainedSplit, "a split nobody knows") { draft, row, random in
      let ratio: Double = random.element([1.5, 2, 3, 4, 5, 7, 10, 0.125, 0.1, 20])
      draft.scale(row..<draft.rows.count, by: 1 / ratio)
      return draft.rows[row].start
    },
    Defect(.unconfirmedMove, "another level") { draft, row, random in
      // Between the ratios of splits.
      draft.scale(row..<draft.rows.count, by: random.element([1.72, 0.36, 0.15]))
      return draft.rows[row].start
    },
    Defect(.volumeJump, "volume in another unit") { row, _ in row.volume *= 1000 },
  ]
}

@Suite("Mistakes planted into clean series are found, and nothing else is")
struct PlantedDefectTests {
  private static let seeds: Range<UInt64> = 0..<UInt64(FuzzBudget.inputs(usual: 24, nightly: 2000))

  @Test(
    "in daily bars, each kind at random places",
    arguments: Defect.ofFigures + Defect.ofOrder + Defect.ofPrices + Defect.ofDays)
  func daily(defect: Defect) throws {
    let context = QualityContext(calendar: .nyse, adjustment: BarDeclaration.Adjustment.none)
    for seed in Self.seeds {
      var draft = try DraftBars.clean(from: "2015-01-02", to: "2016-12-30", seed: seed)
      try expectFound(defect, in: &draft, context, seed: seed, from: 70)
    }
  }

  @Test(
    "in five-minute bars", arguments: Defect.ofFigures + Defect.ofOrder + Defect.ofPrices)
  func fiveMinutes(defect: Defect) throws {
    let context = QualityContext(calendar: .nyse)
    for seed in Self.seeds.prefix(12) {
      var draft = try DraftBars.clean(
        BarInterval(count: 5, unit: .minute), from: "2015-11-20", to: "2015-12-04", seed: seed)
      try expectFound(defect, in: &draft, context, seed: seed, from: 70)
    }
  }

  private func expectFound(
    _ defect: Defect, in draft: inout DraftBars, _ context: QualityContext, seed: UInt64,
    from first: Int
  ) throws {
    var random = SeededGenerator(seed: seed &+ 99)
    // Not in the last days: there a hole is an end, and a level has nothing to hold against.
    let row = draft.ordinaryRow(from: Int.random(in: first..<draft.rows.count - 90, using: &random))
    let place = defect.plant(&draft, row, &random)
    let found = Quality.check(draft.batch, in: context).filter { $0.severity > .note }
    #expect(
      found.contains { $0.code == defect.code.rawValue && $0.timestamp == place },
      "seed \(seed): \(defect.name) at \(place) gave \(found)")
    let others = found.filter { $0.code != defect.code.rawValue }
    #expect(others.isEmpty, "seed \(seed): \(defect.name) at \(place) also gave \(others)")
  }

  @Test(
    "clean series give no warning: daily over two decades, minutes over half days and changes of clocks"
  )
  func clean() throws {
    for seed in Self.seeds {
      let daily = try DraftBars.clean(from: "2001-01-02", to: "2020-12-31", seed: seed)
      let found = Quality.check(daily.batch, in: QualityContext(calendar: .nyse))
      #expect(counts(found) == [:], "seed \(seed)")
    }
    for seed in Self.seeds.prefix(3) {
      let minutes = try DraftBars.clean(.minute, from: "2019-10-28", to: "2019-12-31", seed: seed)
      let found = Quality.check(minutes.batch, in: QualityContext(calendar: .nyse))
      #expect(counts(found) == [:], "seed \(seed)")
    }
  }
}

extension DraftBars {
  /// The first row from here on that is like those before it, and the next one too: on a day of unusual trade
  /// a mistake looks like an event, and no check could tell.
  fileprivate func ordinaryRow(from first: Int) -> Int {
    (first..<rows.count - 1).first { isOrdinary($0) && isOrdinary($0 + 1) } ?? first
  }

  private func isOrdinary(_ row: Int) -> Bool {
    func isUsual(_ figure: (Int) -> Double, most: Double) -> Bool {
      let usual = (row - 60..<row).map(figure).sorted()[30]
      return figure(row) <= most * usual
    }
    return isUsual({ rows[$0].volume }, most: 1.8)
      && isUsual({ abs(log(rows[$0].close / rows[$0 - 1].close)) }, most: 3)
      && isUsual({ log(rows[$0].high / rows[$0].low) }, most: 2)
  }
}
