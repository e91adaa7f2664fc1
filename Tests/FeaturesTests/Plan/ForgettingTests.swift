import Features
import Market
import Testing

@Suite("What left the window is forgotten") struct ForgettingTests {
  /// Formulas whose values depend on the last bars alone.
  private static let windowed = Catalogue.all.filter { !$0.expression.recurses }

  @Test("after a hole and a millionfold spike every windowed feature has its bits back")
  func holesAndSpikes() throws {
    let calm = Synthetic.rows(900)
    var rows = calm
    rows[300] = BarValues(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
    rows[301].open *= 1e6
    rows[301].high *= 1e6
    rows[301].low *= 1e6
    rows[301].close *= 1e6
    rows[301].volume *= 1e6
    let plan = FeaturePlan(Self.windowed.map(\.expression))
    let bars = try [calm, rows].map { try BarColumns(Synthetic.frame($0)) }
    let columns = try plan.columns(over: bars)
    #expect(Self.windowed.count > 250)
    for (index, formula) in Self.windowed.enumerated() {
      let (expected, found) = (columns[0][index], columns[1][index])
      for row in 302 + formula.about.lookBack..<900 {
        guard expected[row].bitPattern != found[row].bitPattern else { continue }
        Issue.record("\(formula.about.name) row \(row): \(found[row]), not \(expected[row])")
        break
      }
    }
  }

  @Test("after a million bars a windowed feature has the bits of a computation begun just before")
  func nothingDrifts() throws {
    let names: Set = [
      "sma_200", "wma_20", "stddev_20", "linearreg_14", "correl_30", "mfi_14", "beta_5", "willr_14",
      "kurtosis_60", "return_stddev_60", "cmf_20", "STD60", "CORR60",
    ]
    let formulas = Self.windowed.filter { names.contains($0.about.name) }
    #expect(formulas.count == names.count)
    let year = Synthetic.rows(10_000)
    var rows: [BarValues] = []
    for _ in 0..<100 { rows += year }
    rows[5000].close *= 1e6
    rows[5000].volume *= 1e6
    let plan = FeaturePlan(formulas.map(\.expression))
    let whole = try plan.columns(over: [BarColumns(Synthetic.frame(rows))])[0]
    let late = try plan.columns(over: [BarColumns(Synthetic.frame(Array(rows.suffix(500))))])[0]
    for (index, formula) in formulas.enumerated() {
      let isSame =
        whole[index].suffix(200).map(\.bitPattern)
        == late[index].suffix(200).map(\.bitPattern)
      #expect(isSame, "\(formula.about.name)")
    }
  }

  @Test("an average begins anew after a hole, as long before its first value as at the start")
  func averagesBeginAnew() throws {
    var rows = Synthetic.rows(200)
    rows[50].close = .nan
    let average = Expression.close.exponentialMean(20)
    let bars = try BarColumns(Synthetic.frame(rows))
    let column = try FeaturePlan([average]).columns(over: [bars])[0][0]
    #expect((50..<70).allSatisfy { column[$0].isNaN })
    #expect(column[49].isFinite && column[70].isFinite)
  }
}
