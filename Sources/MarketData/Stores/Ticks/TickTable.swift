import Market
import Numerics
import Runtime

/// The tables of a lake that do not hold bars.
public enum TickTable: String, CaseIterable, Sendable {
  case trades
  case quotes
  case book
}

/// A record that stands in one of those tables.
protocol TickRecord: Sendable {
  static var table: TickTable { get }
  var time: Timestamp { get }
  static func sheet(_ records: [Self]) -> TickSheet
  /// The records of a file, or `nil` where a column is missing or holds something else.
  static func records(_ columns: TickColumns) throws(FixedPointError) -> [Self]?
}

/// Columns on their way into a Parquet file.
package struct TickSheet {
  enum Values {
    case stamps(Column<Int64>)
    case numbers(Column<Double>)
    case integers(Column<Int64>)
    /// Positions among the sheet's words.
    case words(Column<Int32>)
  }

  private(set) var columns: [(name: String, values: Values)] = []
  /// The words of all columns of text; their positions count from its beginning.
  private(set) var words: [String] = []
  let rowCount: Int

  package init(rowCount: Int) { self.rowCount = rowCount }

  /// - Parameter records: each gives one value to each column.
  init<Record: TickRecord>(_ records: [Record], known: (Record) -> Timestamp) {
    rowCount = records.count
    addStamps("time", records) { $0.time.nanoseconds }
    addStamps("known_at", records) { known($0).nanoseconds }
  }

  package mutating func addStamps<Record>(
    _ name: String, _ records: [Record], _ value: (Record) -> Int64
  ) {
    columns.append((name, .stamps(Self.column(records, value))))
  }

  package mutating func addNumbers<Record>(
    _ name: String, _ records: [Record], _ value: (Record) -> Double
  ) {
    columns.append((name, .numbers(Self.column(records, value))))
  }

  package mutating func addIntegers<Record>(
    _ name: String, _ records: [Record], _ value: (Record) -> Int64
  ) {
    columns.append((name, .integers(Self.column(records, value))))
  }

  package mutating func addWords<Record>(
    _ name: String, _ records: [Record], of words: [String], _ value: (Record) -> Int
  ) {
    let base = self.words.count
    self.words += words
    columns.append((name, .words(Self.column(records) { Int32(base + value($0)) })))
  }

  private static func column<Record, Element>(
    _ records: [Record], _ value: (Record) -> Element
  ) -> Column<Element> {
    Column(count: records.count) { out in
      for row in out.indices { out[row] = value(records[row]) }
    }
  }
}

/// Columns that came out of a Parquet file, by name.
struct TickColumns {
  var stamps: [String: Column<Int64>] = [:]
  var integers: [String: Column<Int64>] = [:]
  var numbers: [String: Column<Double>] = [:]
  var words: [String: (words: [String], codes: Column<Int32>)] = [:]

  func word(_ name: String, _ row: Int) -> String {
    guard let column = words[name] else { return "" }
    return column.words[Int(column.codes[row])]
  }
}

extension Trade: TickRecord {
  static var table: TickTable { .trades }

  static func sheet(_ records: [Trade]) -> TickSheet {
    var sheet = TickSheet(records) { $0.knownAt }
    sheet.addNumbers("price", records) { Double($0.price) }
    sheet.addNumbers("quantity", records) { Double($0.quantity) }
    sheet.addWords("venue", records, of: TickWords.venues) { Int($0.venue & 0x7f) }
    sheet.addIntegers("conditions", records) { Int64($0.conditions) }
    return sheet
  }

  static func records(_ columns: TickColumns) throws(FixedPointError) -> [Trade]? {
    guard let time = columns.stamps["time"], let known = columns.stamps["known_at"],
      let price = columns.numbers["price"], let quantity = columns.numbers["quantity"]
    else { return nil }
    return try (0..<time.count).map { row throws(FixedPointError) in
      try Trade(
        time: Timestamp(nanoseconds: time[row]), knownAt: Timestamp(nanoseconds: known[row]),
        price: Price(nearest: price[row]), quantity: Quantity(nearest: quantity[row]),
        venue: columns.word("venue", row).utf8.first ?? 0,
        conditions: UInt32(truncatingIfNeeded: columns.integers["conditions"]?[row] ?? 0))
    }
  }
}

extension Quote: TickRecord {
  static var table: TickTable { .quotes }

  static func sheet(_ records: [Quote]) -> TickSheet {
    var sheet = TickSheet(records) { $0.knownAt }
    // A side that is not there is missing, not zero.
    sheet.addNumbers("bid_price", records) { $0.bid.map { Double($0.price) } ?? .nan }
    sheet.addNumbers("bid_size", records) { $0.bid.map { Double($0.quantity) } ?? .nan }
    sheet.addNumbers("ask_price", records) { $0.ask.map { Double($0.price) } ?? .nan }
    sheet.addNumbers("ask_size", records) { $0.ask.map { Double($0.quantity) } ?? .nan }
    sheet.addWords("venue", records, of: TickWords.venues) { Int($0.venue & 0x7f) }
    return sheet
  }

  static func records(_ columns: TickColumns) throws(FixedPointError) -> [Quote]? {
    guard let time = columns.stamps["time"], let known = columns.stamps["known_at"],
      let bid = columns.numbers["bid_price"], let bidSize = columns.numbers["bid_size"],
      let ask = columns.numbers["ask_price"], let askSize = columns.numbers["ask_size"]
    else { return nil }
    func side(_ price: Double, _ size: Double) throws(FixedPointError) -> Side? {
      price.isNaN ? nil : try Side(price: Price(nearest: price), quantity: Quantity(nearest: size))
    }
    return try (0..<time.count).map { row throws(FixedPointError) in
      try Quote(
        time: Timestamp(nanoseconds: time[row]), knownAt: Timestamp(nanoseconds: known[row]),
        bid: side(bid[row], bidSize[row]), ask: side(ask[row], askSize[row]),
        venue: columns.word("venue", row).utf8.first ?? 0)
    }
  }
}

extension BookEvent: TickRecord {
  static var table: TickTable { .book }

  static func sheet(_ records: [BookEvent]) -> TickSheet {
    var sheet = TickSheet(records) { $0.knownAt }
    sheet.addWords("kind", records, of: TickWords.kinds) { Int($0.kind.rawValue) }
    sheet.addWords("side", records, of: TickWords.sides) { Int($0.side.rawValue) }
    sheet.addNumbers("price", records) { Double($0.price) }
    sheet.addNumbers("quantity", records) { Double($0.quantity) }
    sheet.addIntegers("order_id", records) { $0.orderID }
    sheet.addIntegers("sequence", records) { $0.sequence }
    return sheet
  }

  static func records(_ columns: TickColumns) throws(FixedPointError) -> [BookEvent]? {
    guard let time = columns.stamps["time"], let known = columns.stamps["known_at"],
      let price = columns.numbers["price"], let quantity = columns.numbers["quantity"],
      let order = columns.integers["order_id"], let sequence = columns.integers["sequence"]
    else { return nil }
    var events: [BookEvent] = []
    for row in 0..<time.count {
      guard let kind = TickWords.kinds.firstIndex(of: columns.word("kind", row)),
        let side = TickWords.sides.firstIndex(of: columns.word("side", row))
      else { return nil }
      events.append(
        try BookEvent(
          time: Timestamp(nanoseconds: time[row]), knownAt: Timestamp(nanoseconds: known[row]),
          kind: Kind.allCases[kind], side: Side.allCases[side], price: Price(nearest: price[row]),
          quantity: Quantity(nearest: quantity[row]), orderID: order[row],
          sequence: sequence[row]))
    }
    return events
  }
}

/// The words that stand in columns of text.
private enum TickWords {
  static let kinds = [
    "level", "snapshot", "cleared", "added", "reduced", "deleted", "executed", "executed_hidden",
    "crossed", "halted", "resumed",
  ]
  static let sides = ["bid", "ask", "none"]
  /// Exchanges are letters; none where the feed says nothing.
  static let venues: [String] = (0..<128).map { code in
    code == 0 ? "" : String(UnicodeScalar(UInt8(code)))
  }
}
