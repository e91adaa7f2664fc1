import Evidence
import Numerics

/// Risk of a book.
enum RiskRows {
  static let all: [Row] = [monteCarlo]

  /// Normal numbers, made to move together, valued, and their worst twentieth: every scenario of every
  /// asset is drawn, as a book whose holdings are options needs it.
  private static let monteCarlo = Row(
    bench: "risk", name: "mc_var_100x100k", figure: NumericsRows.milliseconds, target: .ratio(4),
    peer: PeerCase(name: "NumPy f32", group: "numerics", script: "numpy_risk.py"),
    agreement: Agreement(
      measure: .relative(floor: 1e-12), tolerance: 0.02,
      text: "value at risk and expected shortfall, each side from its own draws"),
    limit: .operations(
      "2 · scenarios · assets² operations / f32 FMA peak", Limits.Peak.multiplyAdd32
    ) { $0 },
    usesBLAS: true
  ) { size in
    let (assets, scenarios) = size == .full ? (100, 100_000) : (10, 1000)
    let input = Input(name: "risk_returns", format: .float64, shape: [2500, assets]) {
      stream, count in
      // A factor that all assets share.
      let factor = (0..<2500).map { _ in stream.normal() }
      return (0..<count).map { 0.0003 + 0.01 * (0.6 * factor[$0 / assets] + 0.8 * stream.normal()) }
    }
    let count = Input(name: "risk_scenarios-\(scenarios)", format: .float64, shape: [1]) { _, _ in
      [Double(scenarios)]
    }
    return Work(
      size: "\(assets)x\(scenarios)", items: 2 * Double(scenarios * assets * assets),
      inputs: [input, count]
    ) { files in
      let returns = try files[0].matrix(of: Double.self)
      let (means, covariance) = moments(returns)
      let drawing = try MonteCarlo(means: means, covariance: covariance)
      let weights = [Double](repeating: 1 / Double(assets), count: assets)
      var risk: TailRisk?
      return Prepared(
        run: { risk = try drawing.tailRisk(weights: weights, scenarios: scenarios, seed: 1) },
        output: { risk.map { [$0.valueAtRisk, $0.expectedShortfall] } ?? [] })
    }
  }

  private static func moments(_ returns: Matrix<Double>) -> ([Double], Matrix<Double>) {
    let n = Double(returns.rows)
    let means = (0..<returns.columns).map { column in
      (0..<returns.rows).reduce(0) { $0 + returns[$1, column] } / n
    }
    let covariance = Matrix<Double>(rows: returns.columns, columns: returns.columns) { a, b in
      (0..<returns.rows).reduce(0) {
        $0 + (returns[$1, a] - means[a]) * (returns[$1, b] - means[b])
      } / (n - 1)
    }
    return (means, covariance)
  }
}
