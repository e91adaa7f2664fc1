import Market
import MarketData
import Numerics

extension PublishedTable {
  /// SAMBA's published frames: the answer is among their columns.
  static let samba = PublishedTable(
    key: "samba", title: "SAMBA's frames, as shipped and repaired",
    lesson: "Column mom is the next return; with external columns turned round and local ones made "
      + "anew from the past, nothing is left to forecast",
    files: ["DJI", "IXIC"].map { "samba/combined_dataframe_\($0).csv.gz" }
  ) { folder in
    let published: [(index: String, squares: Double, correlation: Double, zero: Double)] = [
      ("DJI", 0.00021, 0.9998, 0.01027), ("IXIC", 0.00047, 0.9996, 0.01622),
    ]
    return try published.flatMap { row in
      let frame = try SambaFrame(path: "\(folder)/samba/combined_dataframe_\(row.index).csv.gz")
      let leaky = try frame.leaky()
      let repaired = try frame.repaired()
      let zero = try frame.score([Double](repeating: 0, count: frame.rows), nil)
      let leaks = try frame.leaks()
      return [
        PublishedCell(
          "samba", "\(row.index) columns that know the next return", Double(leaks.count),
          published: 5, tolerance: 0),
        PublishedCell(
          "samba", "\(row.index) as shipped, mom alone, RMSE", leaky.error,
          published: row.squares, tolerance: 5.001e-6),
        PublishedCell(
          "samba", "\(row.index) as shipped, mom alone, IC", leaky.correlation,
          published: row.correlation, tolerance: 5.001e-5),
        PublishedCell(
          "samba", "\(row.index) forecasting zero, RMSE", zero.error, published: row.zero,
          tolerance: 1.001e-5),
        PublishedCell(
          "samba", "\(row.index) repaired, ridge, RMSE over zero's",
          repaired.error / zero.error, published: 1, tolerance: 0.03),
        // Two standard errors of 520 days.
        PublishedCell(
          "samba", "\(row.index) repaired, ridge, IC", repaired.correlation, published: 0,
          tolerance: 0.09),
      ]
    }
  }
}

/// A frame of 82 columns, a row a day.
struct SambaFrame {
  let names: [String]
  private let columns: [[Double]]
  private let price: [Double]
  /// Of each day to the next; NaN on the last.
  private let next: [Double]
  var rows: Int { price.count }
  /// The last 15%, which are tested.
  private var test: Range<Int> { rows * 85 / 100..<rows - 1 }
  private var validation: Range<Int> { rows * 80 / 100..<test.lowerBound }

  init(path: String) throws {
    let table = try ForeignTable(path: path).numbers
    names = table.names
    columns = table.columns.map { Array($0) }
    guard let price = table["Price"], table["mom"] != nil, price.count > 500 else {
      throw PublishedFileError(path: path, finding: "has no columns Price and mom")
    }
    self.price = Array(price)
    next = price.indices.map { row in
      row + 1 < price.count ? price[row + 1] / price[row] - 1 : .nan
    }
  }

  /// Columns whose correlation with the next return is above 0.2.
  func leaks() throws -> [String] {
    try zip(names, columns).filter { _, values in
      let known = (0..<rows - 1).filter { !values[$0].isNaN }
      return try Correlation.pearson(known.map { values[$0] }, known.map { next[$0] }).magnitude
        > 0.2
    }.map(\.0)
  }

  typealias Score = (error: Double, correlation: Double)

  /// Root mean square error and correlation over the test days; of a constant forecast there is no
  /// correlation.
  func score(_ forecast: [Double], _ days: Range<Int>?) throws -> Score {
    let days = days ?? test
    let squares = days.reduce(0) { $0 + (forecast[$1] - next[$1]) * (forecast[$1] - next[$1]) }
    return (
      (squares / Double(days.count)).squareRoot(),
      try Correlation.pearson(days.map { forecast[$0] }, days.map { next[$0] })
    )
  }

  /// The line through one column, as the frame was shipped.
  func leaky() throws -> Score {
    guard let place = names.firstIndex(of: "mom") else { return (.nan, .nan) }
    let values = columns[place]
    // The days of the table: 85% of those with a next one.
    let cut = (rows - 1) * 85 / 100
    let line = try LeastSquares(
      Matrix(rows: cut, columns: 2) { $1 == 0 ? 1 : values[$0] },
      Matrix(rows: cut, columns: 1, Array(next[..<cut]))
    ).solution
    return try score(values.map { line[0, 0] + line[1, 0] * $0 }, cut..<rows - 1)
  }

  /// Ridge on what a day can know: external columns in the order of days again, local ones from the
  /// past; scale and penalty without the test days.
  func repaired() throws -> Score {
    let known = local() + external()
    let train = 0..<validation.lowerBound
    let scaled = known.map { values in Self.standard(values, by: train) }
    let x = Matrix<Double>(rows: rows, columns: scaled.count) { scaled[$1][$0] }
    func part(_ days: Range<Int>) -> Matrix<Double> {
      Matrix(rows: days.count, columns: scaled.count) { x[days.lowerBound + $0, $1] }
    }
    let mean = next[train].reduce(0, +) / Double(train.count)
    let path = try RidgePath(part(train), next[train].map { $0 - mean })
    var best: (forecast: [Double], error: Double)?
    for penalty in [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000] {
      let weights = try path.matrix(penalty)
      let forecast = try LinearAlgebra.product(x, weights).elements.map { $0 + mean }
      let error = try score(forecast, validation).error
      if error < best?.error ?? .infinity { best = (forecast, error) }
    }
    return try score(best?.forecast ?? [], test)
  }

  private func local() -> [[Double]] {
    func change(_ row: Int, over days: Int) -> Double {
      row >= days ? price[row] / price[row - days] - 1 : .nan
    }
    let momenta = (0..<4).map { lag in
      price.indices.map { $0 >= lag ? change($0 - lag, over: 1) : .nan }
    }
    let rates = [5, 10, 15, 20].map { days in price.indices.map { change($0, over: days) } }
    let averages = [10, 20, 50, 200].map { days in
      var mean = price[0]
      return price.map { value in
        mean += 2 / Double(days + 1) * (value - mean)
        return value / mean - 1
      }
    }
    return momenta + rates + averages
  }

  private func external() -> [[Double]] {
    let first = (names.firstIndex(of: "EMA_200") ?? names.count - 1) + 1
    return columns[first...].map { $0.reversed() }
  }

  /// With mean 0 and deviation 1 over some days; what is missing is 0.
  private static func standard(_ values: [Double], by days: Range<Int>) -> [Double] {
    let known = values[days].filter { !$0.isNaN }
    let count = Double(max(1, known.count))
    let mean = known.reduce(0, +) / count
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let scale = variance > 0 ? 1 / variance.squareRoot() : 0
    return values.map { $0.isNaN ? 0 : ($0 - mean) * scale }
  }
}
