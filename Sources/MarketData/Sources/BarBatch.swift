import Market
import Runtime

/// Bars of one symbol as they came from a source, in the order in which they came.
///
/// Nothing is checked: rows may be out of order, twice, or wrong. Quality checks read them as they
/// are; a store keeps one row for each start; a `Frame` refuses what is not in order.
public struct BarBatch: Sendable {
  public let symbol: Symbol
  public let interval: BarInterval
  /// When each bar began, ended and could first be acted on; UTC nanoseconds.
  public let start: Column<Int64>
  public let end: Column<Int64>
  public let knownAt: Column<Int64>
  /// `open`, `high`, `low`, `close`, `volume`, and what else the source has; each as long as `start`.
  public let columns: [(name: String, values: Column<Double>)]

  public init(
    symbol: Symbol, interval: BarInterval, start: Column<Int64>, end: Column<Int64>,
    knownAt: Column<Int64>, columns: [(name: String, values: Column<Double>)]
  ) {
    precondition(
      end.count == start.count && knownAt.count == start.count
        && columns.allSatisfy { $0.values.count == start.count }, "columns are equally long")
    self.symbol = symbol
    self.interval = interval
    self.start = start
    self.end = end
    self.knownAt = knownAt
    self.columns = columns
  }

  public var count: Int { start.count }

  public subscript(name: String) -> Column<Double>? {
    columns.first { $0.name == name }?.values
  }
}

extension BarBatch {
  /// The bars of a frame, all of its columns of numbers included.
  public init(_ frame: Frame) {
    self.init(
      symbol: frame.symbol, interval: frame.interval, start: frame.start, end: frame.end,
      knownAt: frame.knownAt,
      columns: frame.names.compactMap { name in frame[name].map { (name: name, values: $0) } })
  }

  /// The bars as a frame, if they follow each other.
  public func frame() throws(FrameError) -> Frame {
    try Frame(
      checking: symbol, interval: interval, start: start, end: end, knownAt: knownAt,
      columns: columns.map { (name: $0.name, values: .double($0.values)) })
  }
}
