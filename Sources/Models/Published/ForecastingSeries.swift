import Market
import MarketData
import Numerics

/// A file of the papers on long forecasts, brought to the scale of its training rows.
///
/// The protocol is that of LTSF-Linear (Zeng and others, 2023): training, validation and test follow
/// each other, mean and deviation are those of training, windows of the later parts begin in the
/// part before.
struct ForecastingSeries {
  enum Name: String, CaseIterable {
    case etth1 = "ETTh1"
    case ettm1 = "ETTm1"
    case exchange = "Exchange"
    case illness = "ILI"

    var file: String {
      switch self {
      case .etth1: "ltsf/ETTh1.csv.gz"
      case .ettm1: "ltsf/ETTm1.csv.gz"
      case .exchange: "ltsf/exchange_rate.txt.gz"
      case .illness: "ltsf/national_illness.csv.gz"
      }
    }

    /// How far the tables forecast.
    var horizons: [Int] { self == .illness ? [24, 36, 48, 60] : [96, 192, 336, 720] }
  }

  let train: Range<Int>
  let validation: Range<Int>
  let test: Range<Int>
  /// One list a channel.
  let channels: [[Double]]

  init(_ name: Name, in folder: String) throws {
    let columns = try Self.columns(name, "\(folder)/\(name.file)")
    let count = columns.first?.count ?? 0
    let (first, second, third) =
      switch name {
      // Months of 30 days: twelve, four and four.
      case .etth1: (8640, 2880, 2880)
      case .ettm1: (34_560, 11_520, 11_520)
      default: (count * 7 / 10, count - count * 7 / 10 - count / 5, count / 5)
      }
    guard count >= first + second + third else {
      throw PublishedFileError(path: "\(folder)/\(name.file)", finding: "has only \(count) rows")
    }
    train = 0..<first
    validation = first..<first + second
    test = first + second..<first + second + third
    channels = columns.map { values in
      let known = values[..<first]
      let mean = known.reduce(0, +) / Double(first)
      let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(first)
      return values.map { ($0 - mean) / variance.squareRoot() }
    }
  }

  /// As they stand in the file, without the date.
  static func columns(_ name: Name, _ path: String) throws -> [[Double]] {
    let table =
      name == .exchange
      ? try ForeignTable(untitled: path, titles: (1...8).map { "rate\($0)" })
      : try ForeignTable(path: path)
    return table.numbers.columns.map { Array($0) }
  }
}
