import Market
import Runtime

/// A file of bars in a format that its name's ending tells.
public struct BarFile: Sendable {
  public enum Format: String, CaseIterable, Sendable {
    case csv
    case parquet

    /// The format of a file called `name`, or `nil` where it is none of these.
    public init?(ofFile name: String) {
      if name.hasSuffix(".parquet") {
        self = .parquet
      } else if ["", ".gz", ".zst", ".zip"].contains(where: { name.hasSuffix(".csv" + $0) }) {
        self = .csv
      } else {
        return nil
      }
    }
  }

  public let path: String
  public let format: Format

  /// Files of unknown ending are taken for CSV, whose reader says what they are instead.
  public init(path: String) {
    self.path = path
    format = Format(ofFile: path) ?? .csv
  }

  /// The bars, one frame a symbol, in the order in which symbols first appear.
  ///
  /// - Parameter symbol: whose bars they are, where the file has no column that says so.
  public func frames(
    symbol: Symbol, options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> [Frame] {
    switch format {
    case .csv: try CSVFile(path: path).frames(symbol: symbol, options: options)
    case .parquet: try ParquetFile(path: path).frames(symbol: symbol, options: options)
    }
  }
}
