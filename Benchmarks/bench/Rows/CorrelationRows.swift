import Numerics

/// Correlations that roll over a window.
enum CorrelationRows {
  static let all = [rolling]

  private static let width = 30
  /// One matrix in so many is compared.
  private static let step = 100

  /// The matrix of every window, lent and then given up, on both sides.
  private static let rolling = Row(
    bench: "features", name: "rolling_corr_500x2500_w30",
    figure: .time(unit: "ms", perSecond: 1000), target: .ratio(2),
    peer: PeerCase(name: "NumPy f32", group: "features", script: "rolling_correlation.py"),
    agreement: Agreement(
      measure: .absolute, tolerance: 5e-6, text: "every coefficient of one matrix in \(step)"),
    limit: .operations(
      "4 operations a pair and window (a day in, a day out, two lengths) / f32 FMA peak",
      Limits.Peak.multiplyAdd32
    ) { 4 * $0 },
    // The peer is given the kernels that are fastest here.
    usesBLAS: true
  ) { size in
    let (days, columns) = size == .full ? (2500, 500) : (50, 20)
    let input = Input(name: "returns_rolling", format: .float64, shape: [days, columns]) {
      stream, count in
      // One factor that all columns share, so that the coefficients are not all near zero.
      let factor = (0..<days).map { _ in stream.normal() }
      return (0..<count).map { 0.01 * (factor[$0 / columns] + stream.normal()) }
    }
    let windows = days - width + 1
    return Work(
      size: "\(columns)x\(days)", items: Double(windows * columns * (columns - 1) / 2),
      inputs: [input]
    ) { files in
      let returns = try files[0].matrix(of: Double.self)
      return Prepared(
        run: { try Correlation.rolling(returns, width: width) { _, _ in } },
        output: { try sampled(returns) })
    }
  }

  private static func sampled(_ returns: Matrix<Double>) throws -> [Double] {
    var matrices: [[Double]] = []
    // One thread, so that the windows come in order.
    try Correlation.rolling(returns, width: width, on: Pool(threads: 1)) { window, matrix in
      guard window.isMultiple(of: step) else { return }
      matrices.append(
        (0..<matrix.rows).flatMap { row in
          (0..<matrix.columns).map { Double(matrix[row, $0]) }
        })
    }
    return matrices.flatMap { $0 }
  }
}
