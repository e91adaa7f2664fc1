/// The bars of one symbol as columns, in the order of time.
public struct Frame: Sendable {
  public let symbol: Symbol
  public let interval: BarInterval
  /// When each bar began, ended and could first be acted on; UTC nanoseconds.
  public let start: Column<Int64>
  public let end: Column<Int64>
  public let knownAt: Column<Int64>
  /// Column names in the order they were given.
  public private(set) var names: [String]
  private var values: [String: Column<Double>]

  public var count: Int { start.count }

  public init(
    symbol: Symbol, interval: BarInterval, start: Column<Int64>, end: Column<Int64>,
    knownAt: Column<Int64>, columns: KeyValuePairs<String, Column<Double>>
  ) {
    self.symbol = symbol
    self.interval = interval
    self.start = start
    self.end = end
    self.knownAt = knownAt
    names = columns.map(\.key)
    values = Dictionary(uniqueKeysWithValues: columns.map { ($0.key, $0.value) })
  }

  /// The column called `name`: `open`, `high`, `low`, `close`, `volume` and whatever was added.
  public subscript(name: String) -> Column<Double>? { values[name] }

  /// The frame with a column added or replaced.
  public func adding(_ column: Column<Double>, as name: String) -> Frame {
    precondition(column.count == count, "a column is as long as its frame")
    var copy = self
    if copy.values.updateValue(column, forKey: name) == nil { copy.names.append(name) }
    return copy
  }

  /// The rows of `range`, without copying values.
  public func slice(_ range: Range<Int>) -> Frame {
    var copy = Frame(
      symbol: symbol, interval: interval, start: start.slice(range), end: end.slice(range),
      knownAt: knownAt.slice(range), columns: [:])
    copy.names = names
    copy.values = values.mapValues { $0.slice(range) }
    return copy
  }
}
