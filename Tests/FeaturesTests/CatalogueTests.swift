import Features
import Foundation
import Market
import Testing

@Suite("Catalogue") struct CatalogueTests {
  @Test("Values are missing exactly until the look-back is full, and never infinite")
  func warmUp() throws {
    let bars = try BarColumns(Synthetic.frame(bars: 120))
    for feature in Catalogue.starter {
      let column = try feature.column(over: bars)
      for row in 0..<120 {
        let isWarmingUp = row < feature.about.lookBack
        #expect(column[row].isNaN == isWarmingUp, "\(feature.about.name) row \(row)")
      }
      #expect(try feature.column(over: BarColumns(Synthetic.frame(bars: 0))).isEmpty)
    }
  }

  @Test("Names are unique, and every feature says what it is")
  func descriptions() {
    let names = Catalogue.starter.map(\.about.name)
    #expect(Set(names).count == names.count && names.count >= 10)
    #expect(Catalogue.starter.allSatisfy { $0.about.documentation.hasSuffix(".") })
  }

  @Test("Sets have the features and formulas they promise, and a name means one formula")
  func sets() throws {
    let least = [
      "technical93": (93, 85), "talib93": (93, 69), "dual12": (12, 9),
      "portfolio173": (173, 110), "regime": (16, 10), "alpha158": (158, 40),
      "microstructure": (7, 7),
    ]
    #expect(Set(Catalogue.sets.map(\.name)) == Set(least.keys))
    var known: [String: Formula] = [:]
    for set in Catalogue.sets {
      let (features, formulas) = try #require(least[set.name])
      #expect(set.formulas.count >= features, "\(set.name) has \(set.formulas.count)")
      let distinct = Set(set.formulas.map(\.about.formula)).count
      #expect(distinct >= formulas, "\(set.name) has \(distinct) formulas")
      #expect(Set(set.formulas.map(\.about.name)).count == set.formulas.count, "\(set.name)")
      for formula in set.formulas {
        #expect(known.updateValue(formula, forKey: formula.about.name) ?? formula == formula)
      }
    }
    #expect(try Catalogue.formulas(ofSet: "technical93").count == 93)
    #expect(try Catalogue.formulas(ofSet: "talib93") == TALib93.formulas)
    let families = Set(try Catalogue.formulas(ofSet: "technical93").map(\.about.family))
    #expect(
      families == Set(FeatureDescription.Family.allCases).subtracting([.microstructure, .own]))
    #expect(try Catalogue.formulas(ofSet: "portfolio173").count == 173)
    #expect(try Catalogue.formulas(ofSet: "alpha158").count == 158)
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
