import Foundation
import Market
import MarketData
import Numerics

extension PublishedTable {
  /// MambaStock's protocol: the price of the last 300 days, foreseen from that same day's prices.
  static let mambaStock = PublishedTable(
    key: "mambastock", title: "MambaStock's four rows on two banks",
    lesson:
      "Its inputs are of the day it foresees: least squares on them reach R² .98; without them "
      + "nothing beats yesterday's close",
    files: Bank.all.map(\.file)
  ) { folder in
    try Bank.all.flatMap { try $0.cells(folder) }
  }

  private struct Bank {
    let code: String
    /// MSE, RMSE, MAE and R² of the four rows.
    let published: [[Double]]

    var file: String { "mambastock/\(code).csv.gz" }

    static let all = [
      Bank(
        code: "600036.SH",
        published: [
          [1.1375, 1.0665, 0.8086, 0.8887], [1.1391, 1.0673, 0.8099, 0.8885],
          [1.1253, 1.0608, 0.8076, 0.8899], [0.1824, 0.4271, 0.3324, 0.9821],
        ]),
      Bank(
        code: "601988.SH",
        published: [
          [0.0004, 0.0200, 0.0131, 0.9583], [0.0003, 0.0168, 0.0125, 0.9707],
          [0.0004, 0.0200, 0.0133, 0.9584], [0.0001, 0.0087, 0.0069, 0.9922],
        ]),
    ]

    func cells(_ folder: String) throws -> [PublishedCell] {
      let path = "\(folder)/\(file)"
      let table = try ForeignTable(path: path).numbers
      func column(_ name: String) throws -> [Double] {
        guard let column = table[name] else {
          throw PublishedFileError(path: path, finding: "has no column \(name)")
        }
        return Array(column)
      }
      let close = try column("close")
      let before = try column("pre_close")
      let change = try column("pct_chg").map { $0 / 100 }
      let today = try ["open", "high", "low"].map(column)
      let (count, test) = (close.count, close.count - 300)
      guard test > 10 else {
        throw PublishedFileError(path: path, finding: "has only \(count) rows")
      }
      let lagged = try prices(from: 5, close, change, test) { row in
        (1...5).map { change[row - $0] }
      }
      let sameDay = try prices(from: 1, close, change, test) { row in
        today.map { $0[row] / close[row - 1] - 1 }
      }
      let rows: [(String, [Double])] = [
        ("yesterday's close", Array(close[(test - 1)..<(count - 1)])),
        ("the exchange's previous close", Array(before[test...])),
        ("five lagged returns", lagged), ("the same day's open, high and low", sameDay),
      ]
      return zip(rows, published).flatMap { row, figures in
        zip(["MSE", "RMSE", "MAE", "R2"], zip(Self.errors(row.1, close[test...]), figures)).map {
          PublishedCell(
            "mambastock", "\(code) \(row.0) \($0)", $1.0, published: $1.1, tolerance: 5.001e-5)
        }
      }
    }

    /// Prices of the test days from a line through the days before them that gives the change.
    private func prices(
      from first: Int, _ close: [Double], _ change: [Double], _ test: Int,
      _ features: (Int) -> [Double]
    ) throws -> [Double] {
      let known = (first..<test).map { [1] + features($0) }
      let width = known.first?.count ?? 1
      let line = try LeastSquares(
        Matrix(rows: known.count, columns: width, known.joined().map { $0 }),
        Matrix(rows: known.count, columns: 1, change[first..<test].map { $0 })
      ).solution.elements
      return (test..<close.count).map { row in
        let foreseen = zip([1] + features(row), line).reduce(0) { $0 + $1.0 * $1.1 }
        return close[row - 1] * (1 + foreseen)
      }
    }

    /// MSE, RMSE, MAE and R².
    private static func errors(_ found: [Double], _ true: ArraySlice<Double>) -> [Double] {
      let count = Double(found.count)
      let differences = zip(found, `true`).map { $0 - $1 }
      let squares = differences.reduce(0) { $0 + $1 * $1 }
      let mean = `true`.reduce(0, +) / count
      let spread = `true`.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return [
        squares / count, (squares / count).squareRoot(),
        differences.reduce(0) { $0 + $1.magnitude } / count, 1 - squares / spread,
      ]
    }
  }
}
