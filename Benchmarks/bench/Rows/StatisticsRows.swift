import Numerics

extension NumericsRows {
  static let milliseconds = Figure.time(unit: "ms", perSecond: 1000)

  /// Seven quantiles of one array.
  static let quantiles = Row(
    bench: "numerics", name: "quantile_f64", figure: milliseconds, target: .ratio(3), peer: numpy,
    agreement: Agreement(
      measure: .relative(floor: 1e-300), tolerance: 1e-14, text: "every quantile"),
    limit: .bytes("8 bytes read a number", .read, perItem: 8), usesBLAS: false
  ) { size in
    let count = size == .full ? 1_000_000 : 1000
    let numbers = Input(name: "quantile_f64", format: .float64, shape: [count]) { stream, count in
      (0..<count).map { _ in stream.normal() }
    }
    let ranks = Input(name: "quantile_ranks", format: .float64, shape: [7]) { _, _ in
      [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
    }
    return Work(size: "\(count)", items: Double(count), inputs: [numbers, ranks]) { files in
      let numbers: [Double] = try RawNumbers.read(files[0].path)
      let ranks: [Double] = try RawNumbers.read(files[1].path)
      var result: [Double] = []
      return Prepared(
        run: { result = try Quantiles.exact(numbers, at: ranks) }, output: { result })
    }
  }

  /// The correlation of each column with each.
  static let correlation = Row(
    bench: "numerics", name: "correlation_f64", figure: milliseconds, target: .ratio(1.5),
    peer: numpy,
    agreement: Agreement(measure: .absolute, tolerance: 1e-12, text: "every coefficient"),
    limit: .operations(
      "rows · columns² operations, of one half of the matrix / f64 FMA peak",
      Limits.Peak.multiplyAdd64
    ) { $0 },
    usesBLAS: true
  ) { size in
    let (rows, columns) = size == .full ? (252, 500) : (25, 50)
    let input = Input(name: "correlation_f64", format: .float64, shape: [rows, columns]) {
      stream, count in
      // One factor that all columns share, so that the coefficients are not all near zero.
      let factor = (0..<rows).map { _ in stream.normal() }
      return (0..<count).map { 0.01 * (factor[$0 / columns] + stream.normal()) }
    }
    return Work(
      size: "\(rows)x\(columns)", items: Double(rows * columns * columns), inputs: [input]
    ) { files in
      let samples = try files[0].matrix(of: Double.self)
      var result = Matrix<Double>(rows: 0, columns: 0)
      return Prepared(
        run: { result = try Correlation.matrix(samples) }, output: { result.elements })
    }
  }
}
