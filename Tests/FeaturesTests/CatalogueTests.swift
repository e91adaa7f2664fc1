import Features
import Foundation
import Market
import Testing

@Suite("Catalogue") struct CatalogueTests {
  @Test("Batch and stream give the same bits, with holes, constants, spikes and zeros in the data")
  func batchEqualsStream() throws {
    let calm = try Synthetic.frame(bars: 400)
    var rows = try (0..<400).map { try BarColumns(calm)[$0] }
    rows[100] = BarValues(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
    rows[101].volume = .nan
    rows[200].close *= 1e6
    rows[260].close = 0
    for row in 300..<360 { rows[row] = rows[300] }
    for frame in [calm, try Synthetic.frame(rows)] {
      let bars = try BarColumns(frame)
      for feature in Catalogue.starter {
        let batch = feature.column(over: bars).map(\.bitPattern)
        let stream = feature.streamed(over: bars).map(\.bitPattern)
        #expect(batch == stream, "\(feature.about.name)")
      }
    }
  }

  @Test("Values are missing exactly until the look-back is full, and never infinite")
  func warmUp() throws {
    let bars = try BarColumns(Synthetic.frame(bars: 120))
    for feature in Catalogue.starter {
      let column = feature.column(over: bars)
      for row in 0..<120 {
        let isWarmingUp = row < feature.about.lookBack
        #expect(column[row].isNaN == isWarmingUp, "\(feature.about.name) row \(row)")
      }
      #expect(feature.column(over: try BarColumns(Synthetic.frame(bars: 0))).isEmpty)
    }
  }

  @Test("After a hole or a millionfold spike has left the window, window features forget it")
  func holesAreForgotten() throws {
    let calm = try Synthetic.frame(bars: 200)
    var rows = try (0..<200).map { try BarColumns(calm)[$0] }
    rows[50] = BarValues(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
    rows[51].close *= 1e6
    rows[51].volume *= 1e6
    let holed = try BarColumns(Synthetic.frame(rows))
    for feature in Catalogue.starter where feature is WindowFeature {
      let expected = feature.column(over: try BarColumns(calm))
      let found = feature.column(over: holed)
      #expect(found[50].isNaN, "\(feature.about.name)")
      for row in 52 + feature.about.lookBack..<200 {
        #expect(found[row] == expected[row], "\(feature.about.name)")
      }
    }
    let average = ExponentialAverage(period: 20).column(over: holed)
    #expect((50..<70).allSatisfy { average[$0].isNaN })
    #expect(average[70].isFinite)
  }

  @Test("Figures agree with values worked by hand")
  func handWorked() throws {
    let closes = [10.0, 11, 12, 11, 13, 12]
    let rows = closes.enumerated().map { row, close in
      BarValues(
        open: close, high: close + 1, low: close - 1, close: close, volume: Double(row * row))
    }
    let bars = try BarColumns(Synthetic.frame(rows))
    func last(_ feature: some Feature) -> Double { feature.column(over: bars)[5] }
    let change: Double = 12.0 / 11 - 1
    #expect(last(Catalogue.simpleReturn(bars: 5)) == 1.2 - 1)
    #expect(last(Catalogue.rateOfChange(bars: 2)) == change * 100)
    #expect(last(Catalogue.simpleAverage(period: 4)) == 12)
    let logarithm: Double = log(12.0 / 13)
    #expect(last(Catalogue.logReturn) == logarithm)
    // Deviations from 12 of 12, 11, 13, 12: sum of squares 2, so 4 √(2/4) / 12.
    let width: Double = 4 * 0.5.squareRoot() / 12
    #expect(abs(last(Catalogue.bollingerWidth(period: 4)) - width) < 1e-15)
    // Volumes 9, 16, 25: mean 50/3, sample deviation √(386/3 / 2).
    let score: Double = (25.0 - 50.0 / 3) / (386.0 / 6).squareRoot()
    #expect(abs(last(Catalogue.volumeScore(period: 3)) - score) < 1e-14)
    // Mean of the first three is 11; then halves: 11, 12, 12.
    #expect(last(ExponentialAverage(period: 3)) == 12)
    // Gains 1 1 0 2 0, losses 0 0 1 0 1; Wilder with 2: gains 1, .5, 1.25, .625; losses 0, .5, .25, .625.
    #expect(last(RelativeStrength(period: 2)) == 50)
    // True ranges from the second bar: 2, 2, 2, 3, 2; Wilder with 2: 2, 2, 2.5, 2.25.
    #expect(last(AverageTrueRange(period: 2)) == 2.25)
  }

  @Test("Names are unique, and every feature says what it is")
  func descriptions() {
    let names = Catalogue.starter.map(\.about.name)
    #expect(Set(names).count == names.count && names.count >= 10)
    #expect(Catalogue.starter.allSatisfy { $0.about.documentation.hasSuffix(".") })
  }

  @Test("A frame without a volume column is refused by name")
  func missingColumn() throws {
    let frame = try Synthetic.frame(bars: 5)
    let bare = Frame(
      symbol: frame.symbol, interval: .day, start: frame.start, end: frame.end,
      knownAt: frame.knownAt, columns: ["open": frame.start.map(Double.init).column])
    #expect(
      throws: FeatureError.missingColumn("high", symbol: frame.symbol, found: ["open"])
    ) { try BarColumns(bare) }
  }
}

extension [Double] {
  fileprivate var column: Column<Double> { Column(self) }
}
