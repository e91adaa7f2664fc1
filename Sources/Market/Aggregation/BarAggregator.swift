import Runtime

/// Makes coarser bars out of finer ones as these come in: the same bars, bit for bit, that
/// `Frame.resampled` makes of all of them at once.
///
/// A coarse bar is handed out when the finer bars have reached its end, or the clock has: never
/// before, so that a bar that is still being made never looks like a whole one. It is known at its
/// end, or when the last of its parts was if that is later.
public struct BarAggregator: Sendable {
  public let symbol: Symbol
  public let interval: BarInterval
  public let columns: [String]
  /// Finer bars that lay outside the hours asked for.
  public private(set) var leftOut = 0
  private let fine: BarInterval
  private let volumePlace: Int?
  private let empty: [ColumnMerge]
  private var grid: BarGrid
  private var order: RowOrder
  private var open: OpenBar?
  private var clock = Timestamp(nanoseconds: .min)

  /// A coarse bar while it is being made.
  private struct OpenBar: Sendable {
    let place: Range<Timestamp>
    var knownAt: Timestamp
    var merges: [ColumnMerge]
  }

  public init(
    symbol: Symbol, from fine: BarInterval, to coarse: BarInterval, calendar: TradingCalendar,
    hours: SessionHours = .regular, columns: [String] = BarRow.plainColumns
  ) throws(FrameError) {
    guard coarse >= fine else { throw .notCoarser(symbol: symbol, from: fine, to: coarse) }
    self.symbol = symbol
    self.fine = fine
    interval = coarse
    self.columns = columns
    volumePlace = columns.firstIndex(of: "volume")
    empty = columns.map { ColumnMerge(column: $0) }
    grid = BarGrid(coarse, calendar: calendar, hours: hours)
    order = RowOrder(symbol: symbol)
  }

  /// Takes the next finer bar and gives the coarse bars that are finished by it: none, one, or two
  /// where the one before it lacked its last part.
  public mutating func add(_ row: BarRow) throws(FrameError) -> [BarRow] {
    precondition(row.values.count == columns.count, "a value for each column")
    try order.check(row)
    guard row.start >= clock else {
      throw .lateBar(symbol: symbol, start: row.start, clock: clock)
    }
    var finished = advance(to: row.start)
    guard let place = try grid.place(of: row.start) else {
      leftOut += 1
      return finished
    }
    if fine == interval { return [row] }
    guard row.end <= place.upperBound else {
      throw .notCoarser(symbol: symbol, from: fine, to: interval)
    }
    var bar = open ?? OpenBar(place: place, knownAt: place.upperBound, merges: empty)
    let volume = volumePlace.map { row.values[$0] } ?? .nan
    for index in bar.merges.indices { bar.merges[index].add(row.values[index], volume: volume) }
    bar.knownAt = max(bar.knownAt, row.knownAt)
    open = bar
    finished += advance(to: row.end)
    return finished
  }

  /// Says that every finer bar that ends by `instant` has been handed in, and gives the coarse bar
  /// that is over by then, if there is one.
  public mutating func advance(to instant: Timestamp) -> [BarRow] {
    clock = max(clock, instant)
    guard let bar = open, bar.place.upperBound <= clock else { return [] }
    open = nil
    return [
      BarRow(
        start: bar.place.lowerBound, end: bar.place.upperBound, knownAt: bar.knownAt,
        values: bar.merges.map(\.result))
    ]
  }

  /// From when to when the bar goes that is still being made.
  public var unfinished: Range<Timestamp>? { open?.place }
}
