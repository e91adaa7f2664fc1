extension PublishedTable {
  /// The row `Repeat` of LTSF-Linear's table 2, which proves split, scale, windows and metric at once.
  static let lastValue = PublishedTable(
    key: "repeat", title: "The last value, repeated (LTSF-Linear, table 2)",
    lesson:
      "The table was made with the last batch of 32 left out; with all windows ILI differs by "
      + "up to 16%",
    files: ForecastingSeries.Name.allCases.map(\.file)
  ) { folder in
    var cells: [PublishedCell] = []
    for name in ForecastingSeries.Name.allCases {
      let series = try ForecastingSeries(name, in: folder)
      for (horizon, published) in zip(name.horizons, Published.lastValue[name] ?? []) {
        let all = series.test.count - horizon + 1
        let (found, whole) = series.repeating(horizon, batches: all / 32 * 32, windows: all)
        let title = "\(name.rawValue) H=\(horizon)"
        cells += [
          PublishedCell(
            "repeat", "\(title) MSE", found.squares, published: published.0, tolerance: 5.001e-4),
          PublishedCell(
            "repeat", "\(title) MAE", found.magnitudes, published: published.1,
            tolerance: 5.001e-4),
          PublishedCell(
            "repeat", "\(title) MSE, all windows", whole.squares),
        ]
      }
    }
    return cells
  }

  private enum Published {
    /// MSE and MAE by horizon.
    static let lastValue: [ForecastingSeries.Name: [(Double, Double)]] = [
      .etth1: [(1.295, 0.713), (1.325, 0.733), (1.323, 0.744), (1.339, 0.756)],
      .ettm1: [(1.214, 0.665), (1.261, 0.690), (1.283, 0.707), (1.319, 0.729)],
      .exchange: [(0.081, 0.196), (0.167, 0.289), (0.305, 0.396), (0.823, 0.681)],
      .illness: [(6.587, 1.701), (7.130, 1.884), (6.575, 1.798), (5.893, 1.677)],
    ]
  }
}

extension ForecastingSeries {
  fileprivate typealias Errors = (squares: Double, magnitudes: Double)

  /// The errors of forecasting the last value over the first windows of the test part, those of whole
  /// batches and all.
  fileprivate func repeating(
    _ horizon: Int, batches: Int, windows: Int
  ) -> (batches: Errors, all: Errors) {
    var batched: Errors = (0, 0)
    var all: Errors = (0, 0)
    for values in channels {
      values.withUnsafeBufferPointer { values in
        for window in 0..<windows {
          let first = test.lowerBound + window
          let last = values[first - 1]
          var (squares, magnitudes) = (0.0, 0.0)
          for i in first..<first + horizon {
            let error = values[i] - last
            squares += error * error
            magnitudes += error.magnitude
          }
          all = (all.squares + squares, all.magnitudes + magnitudes)
          if window < batches {
            batched = (batched.squares + squares, batched.magnitudes + magnitudes)
          }
        }
      }
    }
    let share = 1 / Double(horizon * channels.count)
    return (
      (batched.squares * share / Double(batches), batched.magnitudes * share / Double(batches)),
      (all.squares * share / Double(windows), all.magnitudes * share / Double(windows))
    )
  }
}
