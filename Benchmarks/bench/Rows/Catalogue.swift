import Runtime

/// Every row there is.
enum Catalogue {
  static let rows: [Row] =
    NumericsRows.all + DataRows.all + FeaturesRows.all + CorrelationRows.all + BacktestRows.all
    + TradingRows.all + RiskGateRows.all + RiskRows.all + TensorRows.all + BoostingBench.all

  static var benches: [String] {
    rows.reduce(into: []) { names, row in
      if names.last != row.bench { names.append(row.bench) }
    }
  }

  /// The rows of `bench` or the one row of `bench/case`; all of them for no name.
  static func rows(named name: String?) throws(BenchError) -> [Row] {
    guard let name else { return rows }
    let found = rows.filter { $0.bench == name || $0.path == name }
    guard found.isEmpty else { return found }
    let known = benches + rows.map(\.path) + rows.map(\.name)
    throw .unknownRow(name, nearest: Words.nearest(to: name, among: known).map(fullName))
  }

  private static func fullName(_ word: String) -> String {
    rows.first { $0.name == word }?.path ?? word
  }
}
