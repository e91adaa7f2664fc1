import Market
import Runtime

/// A file of bars in a format that its name's ending tells.
public struct BarFile: Sendable {
  public enum Format: String, CaseIterable, Sendable {
    case csv
    case parquet

    /// The format of a file called `name`, or `nil` where it is none of these.
    public init?(ofFile name: String) {
      guard let format = Self.allCases.first(where: { name.hasSuffix("." + $0.rawValue) })
      else { return nil }
      self = format
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

  /// What the file holds, for a person: one summary a symbol.
  public func describe(
    symbol: Symbol, options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> [BarSummary] {
    try frames(symbol: symbol, options: options).map(BarSummary.init)
  }
}

/// One line about the bars of a symbol.
public struct BarSummary: Equatable, Sendable {
  public var symbol: Symbol
  public var interval: BarInterval
  public var rows: Int
  /// When the first bar began and the last one ended.
  public var first: Timestamp
  public var last: Timestamp
  public var columns: [String]
  /// How many values are missing in each column that lacks any.
  public var missing: [String: Int]

  public init(_ frame: Frame) {
    precondition(frame.count > 0, "readers refuse files without bars")
    symbol = frame.symbol
    interval = frame.interval
    rows = frame.count
    first = Timestamp(nanoseconds: frame.start[0])
    last = Timestamp(nanoseconds: frame.end[frame.count - 1])
    columns = frame.names
    missing = [:]
    for name in frame.names {
      let count = frame[name]?.count { $0.isNaN } ?? 0
      if count > 0 { missing[name] = count }
    }
  }
}
