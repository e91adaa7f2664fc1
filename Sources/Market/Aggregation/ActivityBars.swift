import Numerics
import Runtime

/// Makes bars of equal trading out of finer bars, one after the other: as `ActivityMeasure` says.
public struct ActivityBars: Sendable {
  public let symbol: Symbol
  public let measure: ActivityMeasure
  public let columns: [String]
  private let closePlace, volumePlace, vwapPlace, tradesPlace: Int?
  private let empty: [ColumnMerge]
  private var order: RowOrder
  private var meter: ActivityMeter
  private var start: Timestamp?
  private var merges: [ColumnMerge] = []

  public init(
    symbol: Symbol, by measure: ActivityMeasure, columns: [String] = BarRow.plainColumns
  ) throws(FrameError) {
    func place(_ name: String) -> Int? { columns.firstIndex(of: name) }
    let needed: [String] =
      switch measure {
      case .trades: ["trade_count"]
      case .volume: ["volume"]
      case .value: ["close", "volume"]
      }
    for name in needed where place(name) == nil {
      throw .unknownColumn(symbol: symbol, column: name, known: columns)
    }
    self.symbol = symbol
    self.measure = measure
    self.columns = columns
    (closePlace, volumePlace) = (place("close"), place("volume"))
    (vwapPlace, tradesPlace) = (place("vwap"), place("trade_count"))
    empty = columns.map { ColumnMerge(column: $0) }
    order = RowOrder(symbol: symbol)
    meter = ActivityMeter(measure)
  }

  /// Takes the next finer bar; gives the bar that it ends, if it does.
  public mutating func add(_ row: BarRow) throws(FrameError) -> BarRow? {
    func value(_ place: Int?) -> Double { place.map { row.values[$0] } ?? .nan }
    let vwap = value(vwapPlace)
    return try add(
      row,
      counting: measure.amount(
        price: vwap.isNaN ? value(closePlace) : vwap, volume: value(volumePlace),
        trades: value(tradesPlace)))
  }

  mutating func add(_ row: BarRow, counting amount: Int128) throws(FrameError) -> BarRow? {
    precondition(row.values.count == columns.count, "a value for each column")
    try order.check(row)
    let start = start ?? row.start
    if self.start == nil { merges = empty }
    self.start = start
    let volume = volumePlace.map { row.values[$0] } ?? .nan
    for index in merges.indices { merges[index].add(row.values[index], volume: volume) }
    guard meter.add(amount) else { return nil }
    self.start = nil
    return BarRow(
      start: start, end: row.end, knownAt: row.knownAt, values: merges.map(\.result))
  }
}

extension Frame {
  /// The same trading in bars of equal activity; what is left at the end makes no bar.
  ///
  /// The frame's interval stays that of the finer bars: bars of activity have no length in time.
  public func resampled(by measure: ActivityMeasure) throws(FrameError) -> Frame {
    let columns = names.filter { self[$0] != nil }
    var stream = try ActivityBars(symbol: symbol, by: measure, columns: columns)
    var bars: [BarRow] = []
    for row in try rows(of: columns) {
      if let bar = try stream.add(row) { bars.append(bar) }
    }
    return try Frame(bars, symbol: symbol, interval: interval, columns: columns)
  }
}
