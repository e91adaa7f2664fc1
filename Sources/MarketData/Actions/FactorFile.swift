import Market
import Runtime

/// LEAN's file of a share's price factors, read as what they come from: splits and dividends.
///
/// A row `20140606,0.9011818,0.0357143,645.57` says which factors hold up to that day, and its close.
/// What changed happened at the next session's open. Only the events are kept, each with the time at
/// which it was known, so that factors made on different days can never mix.
public struct FactorFile: Sendable {
  struct Row: Equatable {
    let date: CivilDate
    let priceFactor: Double
    let splitFactor: Double
    /// NaN in files that leave it out.
    let close: Double
  }

  let rows: [Row]

  public init(path: String) throws {
    let bytes = try SmallFile.read(path, bytesMax: 16 << 20)
    try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
  }

  init(text: String, path: String) throws(DataError) {
    var rows: [Row] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      // A line without a day: an empty one, the titles of our own samples, a first-listed marker.
      guard fields.count > 1, fields[0].first?.isNumber == true else { continue }
      rows.append(try Self.row(fields, place: "\(path):\(index + 1)"))
    }
    guard !rows.isEmpty else { throw .empty(path: path) }
    self.rows = rows.sorted { $0.date < $1.date }
  }

  private static func row(_ fields: [String], place: String) throws(DataError) -> Row {
    guard fields.count >= 3 else {
      let end = fields.joined(separator: ",").utf8.count
      throw .wrongFieldCount(place: "\(place):\(end + 1)", found: fields.count, expected: 4)
    }
    let date: CivilDate
    do { date = try CivilDate(parsing: fields[0]) } catch {
      throw .badValue(place: place, column: "date", text: fields[0], expected: "a day as 20140606")
    }
    func number(_ index: Int, _ name: String) throws(DataError) -> Double {
      guard let value = Double(fields[index]), value > 0, value.isFinite else {
        throw .badValue(
          place: place, column: name, text: fields[index], expected: "a number above zero")
      }
      return value
    }
    let close = fields.count > 3 && !fields[3].isEmpty ? Double(fields[3]) ?? .nan : .nan
    return Row(
      date: date, priceFactor: try number(1, "price factor"),
      splitFactor: try number(2, "split factor"), close: close)
  }

  /// The splits and dividends, known from their session's open, where nothing better is.
  public func actions(
    of symbol: Symbol, calendar: TradingCalendar
  ) throws(CalendarError) -> [CorporateAction] {
    var actions: [CorporateAction] = []
    for (row, next) in zip(rows, rows.dropFirst()) {
      let split = next.splitFactor / row.splitFactor
      let payout = 1 - row.priceFactor / next.priceFactor
      guard abs(split - 1) > 1e-6 || abs(payout) > 1e-6, calendar.range.contains(row.date) else {
        continue
      }
      let session = try calendar.nextSession(after: row.date)
      func add(_ kind: CorporateAction.Kind) {
        actions.append(
          CorporateAction(symbol: symbol, date: session.date, knownAt: session.open, kind: kind))
      }
      if abs(split - 1) > 1e-6 { add(.split(ratio: Self.rounded(split))) }
      if abs(payout) > 1e-6, row.close > 0 { add(.dividend(amount: payout * row.close)) }
    }
    return actions
  }

  /// Factors have seven digits, ratios are fractions of small numbers.
  private static func rounded(_ ratio: Double) -> Double {
    for old in 1...100 {
      let new = ratio * Double(old)
      if new.rounded() >= 1, abs(new - new.rounded()) < 1e-4 * new {
        return new.rounded() / Double(old)
      }
    }
    return ratio
  }
}
