import Numerics

extension PublishedTable {
  /// A straight line from the window's changes to the horizon's, in closed form: the yardstick for
  /// every network that forecasts these series.
  static let ridge = PublishedTable(
    key: "ridge", title: "NLinear in closed form on ETTh1, all test windows",
    lesson: "It beats PatchTST's published figures at every horizon but /64 at 336",
    files: [ForecastingSeries.Name.etth1.file]
  ) { folder in
    let series = try ForecastingSeries(.etth1, in: folder)
    var cells: [PublishedCell] = []
    for (lookBack, published) in [
      (336, [0.369, 0.403, 0.426, 0.429]), (512, [0.364, 0.396, 0.424, 0.426]),
    ] {
      for (horizon, figure) in zip(ForecastingSeries.Name.etth1.horizons, published) {
        let found = try RidgeForecast(series, lookBack: lookBack, horizon: horizon).test()
        let title = "ETTh1 L=\(lookBack) H=\(horizon)"
        cells += [
          PublishedCell(
            "ridge", "\(title) MSE", found.squares, published: figure, tolerance: 0.001),
          PublishedCell("ridge", "\(title) MAE", found.magnitudes),
        ]
      }
    }
    return cells
  }
}

/// One matrix from the last `lookBack` values of a channel, less the last one, to the next `horizon`;
/// the same for all channels. The penalty is the best on validation.
struct RidgeForecast {
  private let series: ForecastingSeries
  private let lookBack: Int
  private let horizon: Int
  private let weights: Matrix<Double>

  /// Against the number of windows.
  static let penalties = [0, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3]

  init(_ series: ForecastingSeries, lookBack: Int, horizon: Int) throws {
    self.series = series
    self.lookBack = lookBack
    self.horizon = horizon
    let train = try Moments(
      series, lookBack: lookBack, horizon: horizon,
      starts: lookBack...series.train.upperBound - horizon)
    let held = try Moments(
      series, lookBack: lookBack, horizon: horizon,
      starts: series.validation.lowerBound...series.validation.upperBound - horizon)
    var best: (weights: Matrix<Double>, loss: Double)?
    for penalty in Self.penalties {
      let weights = try train.weights(penalty)
      let loss = try held.loss(weights)
      if loss < best?.loss ?? .infinity { best = (weights, loss) }
    }
    guard let best else {
      throw LinearAlgebraError.empty(
        operation: "ridge", Shape(rows: lookBack, columns: horizon))
    }
    weights = best.weights
  }

  /// The errors over all windows of the test part.
  func test() throws -> (squares: Double, magnitudes: Double) {
    let starts = series.test.lowerBound...series.test.upperBound - horizon
    var (squares, magnitudes) = (0.0, 0.0)
    for channel in series.channels {
      let (x, y) = Self.windows(channel, lookBack, horizon, starts)
      let found = try LinearAlgebra.product(x, weights)
      found.withView { found in
        y.withView { y in
          for row in 0..<y.rows {
            for column in 0..<y.columns {
              let error = found[row, column] - y[row, column]
              squares += error * error
              magnitudes += error.magnitude
            }
          }
        }
      }
    }
    let count = Double(starts.count * horizon * series.channels.count)
    return (squares / count, magnitudes / count)
  }

  /// One row a window: what came before `start` and a one, and what came from there on, both less the
  /// last value before.
  fileprivate static func windows(
    _ values: [Double], _ lookBack: Int, _ horizon: Int, _ starts: ClosedRange<Int>
  ) -> (x: Matrix<Double>, y: Matrix<Double>) {
    var x = Matrix<Double>(rows: starts.count, columns: lookBack + 1)
    var y = Matrix<Double>(rows: starts.count, columns: horizon)
    values.withUnsafeBufferPointer { values in
      x.withMutableView { x in
        y.withMutableView { y in
          for (row, start) in starts.enumerated() {
            let last = values[start - 1]
            for i in 0..<lookBack { x[row, i] = values[start - lookBack + i] - last }
            x[row, lookBack] = 1
            for i in 0..<horizon { y[row, i] = values[start + i] - last }
          }
        }
      }
    }
    return (x, y)
  }
}

/// What least squares need of a set of windows, summed channel by channel: XᵀX, XᵀY and the sum of y².
private struct Moments {
  var squares: Matrix<Double>
  var products: Matrix<Double>
  var targets = 0.0
  let windows: Int

  init(
    _ series: ForecastingSeries, lookBack: Int, horizon: Int, starts: ClosedRange<Int>
  ) throws {
    squares = Matrix(rows: lookBack + 1, columns: lookBack + 1)
    products = Matrix(rows: lookBack + 1, columns: horizon)
    windows = starts.count * series.channels.count
    for channel in series.channels {
      let (x, y) = RidgeForecast.windows(channel, lookBack, horizon, starts)
      try x.withView { (x) throws(LinearAlgebraError) in
        try squares.withMutableView { (squares) throws(LinearAlgebraError) in
          try LinearAlgebra.multiplyBySelf(x, transposingLeft: true, beta: 1, into: squares)
        }
        try y.withView { (y) throws(LinearAlgebraError) in
          try products.withMutableView { (products) throws(LinearAlgebraError) in
            try LinearAlgebra.multiply(
              x, y, transposingLeft: true, beta: 1, into: products)
          }
        }
      }
      targets += y.elements.reduce(0) { $0 + $1 * $1 }
    }
  }

  /// A little is always added, because the last value less itself is always 0.
  func weights(_ penalty: Double) throws(LinearAlgebraError) -> Matrix<Double> {
    let size = squares.rows
    let mean = (0..<size).reduce(0) { $0 + squares[$1, $1] } / Double(size)
    let added = penalty * Double(windows) + 1e-6 * mean
    var sum = squares
    for i in 0..<size { sum[i, i] += added }
    return try Cholesky(sum).solve(products)
  }

  /// The mean squared error of weights: Σ(y − xw)² without looking at a window again.
  func loss(_ weights: Matrix<Double>) throws(LinearAlgebraError) -> Double {
    let turned = try LinearAlgebra.product(squares, weights)
    var sum = targets
    for row in 0..<weights.rows {
      for column in 0..<weights.columns {
        sum += weights[row, column] * (turned[row, column] - 2 * products[row, column])
      }
    }
    return sum / Double(windows * weights.columns)
  }
}
