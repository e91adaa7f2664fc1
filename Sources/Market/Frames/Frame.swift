import Numerics
import Runtime

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
  private var values: [String: AnyColumn]

  public var count: Int { start.count }

  /// A frame that the program itself made; `init(checking:)` is for what comes from outside.
  public init(
    symbol: Symbol, interval: BarInterval, start: Column<Int64>, end: Column<Int64>,
    knownAt: Column<Int64>, columns: KeyValuePairs<String, Column<Double>>
  ) {
    precondition(
      end.count == start.count && knownAt.count == start.count
        && columns.allSatisfy { $0.value.count == start.count }, "columns are equally long")
    self.init(
      symbol: symbol, interval: interval, start: start, end: end, knownAt: knownAt,
      names: columns.map(\.key),
      values: Dictionary(uniqueKeysWithValues: columns.map { ($0.key, .double($0.value)) }))
  }

  private init(
    symbol: Symbol, interval: BarInterval, start: Column<Int64>, end: Column<Int64>,
    knownAt: Column<Int64>, names: [String], values: [String: AnyColumn]
  ) {
    self.symbol = symbol
    self.interval = interval
    self.start = start
    self.end = end
    self.knownAt = knownAt
    self.names = names
    self.values = values
  }

  /// The frame, if its columns are equally long and its bars follow each other: each ends after it
  /// starts, is known no earlier than it ends, and neither starts before the last one ended nor is
  /// known before it.
  public init(
    checking symbol: Symbol, interval: BarInterval, start: Column<Int64>, end: Column<Int64>,
    knownAt: Column<Int64>, columns: [(name: String, values: AnyColumn)]
  ) throws(FrameError) {
    let times: [(name: String, values: AnyColumn)] = [
      ("end", .int64(end)), ("known_at", .int64(knownAt)),
    ]
    for column in times + columns where column.values.count != start.count {
      throw .unequalLengths(
        symbol: symbol, column: column.name, found: column.values.count, expected: start.count)
    }
    var values: [String: AnyColumn] = [:]
    for column in columns where values.updateValue(column.values, forKey: column.name) != nil {
      throw .duplicateColumn(symbol: symbol, column: column.name)
    }
    if let (row, order) = Self.firstDisorder(start: start, end: end, knownAt: knownAt) {
      throw .disorder(symbol: symbol, row: row, order)
    }
    self.init(
      symbol: symbol, interval: interval, start: start, end: end, knownAt: knownAt,
      names: columns.map(\.name), values: values)
  }

  private static func firstDisorder(
    start: Column<Int64>, end: Column<Int64>, knownAt: Column<Int64>
  ) -> (row: Int, FrameError.Order)? {
    if areInOrder(start: start, end: end, knownAt: knownAt) { return nil }
    var (lastEnd, lastKnown) = (Int64.min, Int64.min)
    for row in 0..<start.count {
      if end[row] <= start[row] { return (row, .endsBeforeItStarts) }
      if knownAt[row] < end[row] { return (row, .isKnownBeforeItEnds) }
      if start[row] < lastEnd { return (row, .startsBeforeTheLastEnds) }
      if knownAt[row] < lastKnown { return (row, .isKnownBeforeTheLast) }
      (lastEnd, lastKnown) = (end[row], knownAt[row])
    }
    return nil
  }

  /// The same questions without saying where, a register of rows at a time.
  private static func areInOrder(
    start: Column<Int64>, end: Column<Int64>, knownAt: Column<Int64>
  ) -> Bool {
    start.withUnsafeValues { start in
      end.withUnsafeValues { end in
        knownAt.withUnsafeValues { knownAt in
          let disorders = Pool.shared.total(of: start.count, minimumChunk: 1 << 14) { rows in
            var found = 0
            for row in rows {
              found &+= end[row] <= start[row] ? 1 : 0
              found &+= knownAt[row] < end[row] ? 1 : 0
            }
            for row in max(1, rows.lowerBound)..<max(1, rows.upperBound) {
              found &+= start[row] < end[row - 1] ? 1 : 0
              found &+= knownAt[row] < knownAt[row - 1] ? 1 : 0
            }
            return found
          }
          return disorders == 0
        }
      }
    }
  }

  /// The column called `name`: `open`, `high`, `low`, `close`, `volume` and whatever was added.
  public subscript(name: String) -> Column<Double>? {
    values[name].flatMap(Double.unwrap)
  }

  /// The column called `name`, if its values are of that type.
  public func column<Element: ColumnElement>(
    _ name: String, of type: Element.Type
  ) -> Column<Element>? {
    values[name].flatMap(Element.unwrap)
  }

  /// The column called `name`, whatever its type.
  public func column(_ name: String) -> AnyColumn? { values[name] }

  /// The column of numbers called `name`, or an error that says which there are.
  public func numbers(_ name: String) throws(FrameError) -> Column<Double> {
    guard let column = self[name] else {
      throw .unknownColumn(symbol: symbol, column: name, known: names)
    }
    return column
  }

  /// The frame with a column added or replaced.
  public func adding(_ column: Column<Double>, as name: String) -> Frame {
    adding(.double(column), as: name)
  }

  /// The frame with a column of any type added or replaced.
  public func adding(_ column: AnyColumn, as name: String) -> Frame {
    precondition(column.count == count, "a column is as long as its frame")
    var copy = self
    if copy.values.updateValue(column, forKey: name) == nil { copy.names.append(name) }
    return copy
  }

  /// The frame with these columns only, in that order.
  public func selecting(_ wanted: [String]) throws(FrameError) -> Frame {
    var copy = self
    copy.names = []
    copy.values = [:]
    for name in wanted {
      guard let column = values[name] else {
        throw .unknownColumn(symbol: symbol, column: name, known: names)
      }
      copy = copy.adding(column, as: name)
    }
    return copy
  }

  /// The rows of `range`, without copying values.
  public func slice(_ range: Range<Int>) -> Frame {
    Frame(
      symbol: symbol, interval: interval, start: start.slice(range), end: end.slice(range),
      knownAt: knownAt.slice(range), names: names,
      values: values.mapValues { $0.slice(range) })
  }

  /// The given rows, which run forward.
  func taking(_ rows: [Int32]) -> Frame {
    Frame(
      symbol: symbol, interval: interval, start: start.taking(rows, missing: 0),
      end: end.taking(rows, missing: 0), knownAt: knownAt.taking(rows, missing: 0), names: names,
      values: values.mapValues { $0.taking(rows) })
  }
}
