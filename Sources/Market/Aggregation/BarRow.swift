import Runtime

/// One bar with a value for each of some columns, as streams of bars hand it on.
public struct BarRow: Equatable, Sendable {
  public var start: Timestamp
  public var end: Timestamp
  public var knownAt: Timestamp
  /// In the order of the stream's columns; missing ones are NaN.
  public var values: [Double]

  public init(start: Timestamp, end: Timestamp, knownAt: Timestamp, values: [Double]) {
    self.start = start
    self.end = end
    self.knownAt = knownAt
    self.values = values
  }

  /// The columns of a plain bar.
  public static let plainColumns = ["open", "high", "low", "close", "volume"]

  /// A plain bar's times and figures.
  public init(_ bar: Bar) {
    self.init(
      start: bar.start, end: bar.end, knownAt: bar.knownAt,
      values: [bar.open, bar.high, bar.low, bar.close, bar.volume])
  }
}

extension Frame {
  /// Every row with its values of `columns`.
  public func rows(of columns: [String]) throws(FrameError) -> [BarRow] {
    var sources: [Column<Double>] = []
    for name in columns { sources.append(try numbers(name)) }
    return (0..<count).map { row in
      BarRow(
        start: Timestamp(nanoseconds: start[row]), end: Timestamp(nanoseconds: end[row]),
        knownAt: Timestamp(nanoseconds: knownAt[row]), values: sources.map { $0[row] })
    }
  }

  /// The frame of rows that a stream gave, in the order in which it did.
  public init(
    _ rows: [BarRow], symbol: Symbol, interval: BarInterval, columns: [String]
  ) throws(FrameError) {
    try self.init(
      checking: symbol, interval: interval, start: Column(rows.map(\.start.nanoseconds)),
      end: Column(rows.map(\.end.nanoseconds)),
      knownAt: Column(rows.map(\.knownAt.nanoseconds)),
      columns: columns.enumerated().map { place, name in
        (name: name, values: .double(Column(rows.map { $0.values[place] })))
      })
  }
}

/// Holds a stream of rows to the order that every frame keeps.
struct RowOrder: Sendable {
  let symbol: Symbol
  private var row = 0
  private var lastEnd = Timestamp(nanoseconds: .min)
  private var lastKnown = Timestamp(nanoseconds: .min)

  init(symbol: Symbol) { self.symbol = symbol }

  mutating func check(_ next: BarRow) throws(FrameError) {
    func refuse(_ order: FrameError.Order) -> FrameError {
      .disorder(symbol: symbol, row: row, order)
    }
    guard next.end > next.start else { throw refuse(.endsBeforeItStarts) }
    guard next.knownAt >= next.end else { throw refuse(.isKnownBeforeItEnds) }
    guard next.start >= lastEnd else { throw refuse(.startsBeforeTheLastEnds) }
    guard next.knownAt >= lastKnown else { throw refuse(.isKnownBeforeTheLast) }
    row += 1
    (lastEnd, lastKnown) = (next.end, next.knownAt)
  }
}
