import Foundation
import Market
import Runtime

/// A LEAN factor file: each row's factors hold up to and including its date, and prices before it are
/// multiplied by both to compare with those of today.
struct LeanFactors {
  struct Row: Equatable {
    let date: CivilDate
    let priceFactor: Double
    let splitFactor: Double
    /// The last price before the event, as traded.
    let referencePrice: Double
  }

  let path: String
  let rows: [Row]

  init(path: String) throws(DataError) {
    self.path = path
    rows = try LeanLines.read(path, fieldCounts: 3...4) { fields in
      guard let date = LeanLines.date(fields[0]), let price = LeanLines.number(fields[1]),
        let split = LeanLines.number(fields[2]), price > 0, split > 0
      else { return nil }
      let reference = fields.count == 4 ? LeanLines.number(fields[3]) : 0
      return Row(
        date: date, priceFactor: price, splitFactor: split, referencePrice: reference ?? 0)
    }
  }

  /// Splits and dividends, as events: a factor's step from one row to the next is what happened
  /// before the first session behind the row's date. They are known when that session opens.
  func actions(of symbol: Symbol, calendar: TradingCalendar) throws(DataError) -> [CorporateAction]
  {
    var actions: [CorporateAction] = []
    for (row, next) in zip(rows, rows.dropFirst()) where row.date < next.date {
      let split = Self.ratio(next.splitFactor / row.splitFactor)
      let amount = row.referencePrice * (1 - row.priceFactor / next.priceFactor)
      let dividend = (amount * 10_000).rounded() / 10_000
      guard split != 1 || dividend > 0 else { continue }
      let session: Session
      do {
        session = try calendar.nextSession(after: row.date)
      } catch {
        throw .calendar(place: path, error)
      }
      func add(_ kind: CorporateAction.Kind) {
        actions.append(
          CorporateAction(symbol: symbol, date: session.date, knownAt: session.open, kind: kind))
      }
      if split != 1 { add(.split(ratio: split)) }
      // Above a tenth of a basis point: below is the rounding of seven digits.
      if amount > row.referencePrice * 1e-6 * 2 { add(.dividend(amount: dividend)) }
    }
    return actions
  }

  /// The simplest ratio that factors of six digits can stand for: 7 for 0.25 / 0.0357143.
  static func ratio(_ quotient: Double) -> Double {
    for denominator in 1...100 {
      let numerator = (quotient * Double(denominator)).rounded()
      if numerator >= 1, abs(numerator / Double(denominator) / quotient - 1) < 3e-5 {
        return numerator / Double(denominator)
      }
    }
    return quotient
  }
}

/// A LEAN map file: the names under which a company's share was traded, each up to and including a
/// date.
struct LeanNames: Equatable {
  struct Span: Equatable {
    let symbol: Symbol
    /// The first and the last day under that name.
    let first: CivilDate
    let last: CivilDate
  }

  /// The name that the share has now, or had last: the file's own.
  let symbol: Symbol
  let spans: [Span]
  /// The last day of trading, where there is one.
  let delisted: CivilDate?

  /// LEAN's way to write "still traded".
  private static let never = 2050

  init(path: String) throws(DataError) {
    let rows = try LeanLines.read(path, fieldCounts: 2...4) { fields -> (CivilDate, Symbol)? in
      guard let date = LeanLines.date(fields[0]), let symbol = Symbol(fields[1].uppercased())
      else { return nil }
      return (date, symbol)
    }
    let name = FilePath.name(path).dropLast(4).uppercased()
    guard let symbol = Symbol(name), let first = rows.first, let last = rows.last else {
      throw .wrongFormat(place: path, found: "names no symbol", remedy: "fetch it again")
    }
    self.symbol = symbol
    delisted = last.0.yearMonthDay.year >= Self.never ? nil : last.0
    var spans: [Span] = []
    var start = first.0
    // The first row says from when on there are prices.
    for (date, symbol) in rows.count > 1 ? Array(rows.dropFirst()) : rows {
      if let previous = spans.last, previous.symbol == symbol {
        spans[spans.count - 1] = Span(symbol: symbol, first: previous.first, last: date)
      } else {
        spans.append(Span(symbol: symbol, first: start, last: date))
      }
      start = date.advanced(by: 1)
    }
    self.spans = spans
  }

  /// Renamings and the delisting, known when the first session under the new name opens.
  func actions(calendar: TradingCalendar, path: String) throws(DataError) -> [CorporateAction] {
    var actions: [CorporateAction] = []
    do {
      for (old, new) in zip(spans, spans.dropFirst()) {
        let session = try calendar.nextSession(after: old.last)
        actions.append(
          CorporateAction(
            symbol: old.symbol, date: session.date, knownAt: session.open,
            kind: .renamed(to: new.symbol)))
      }
      if let delisted, let last = spans.last, let session = try calendar.session(on: delisted) {
        actions.append(
          CorporateAction(
            symbol: last.symbol, date: delisted, knownAt: session.close, kind: .delisted))
      }
    } catch {
      throw .calendar(place: path, error)
    }
    return actions
  }
}

/// Reads LEAN's small files without titles, saying line and column of what is wrong.
enum LeanLines {
  static func read<Row>(
    _ path: String, fieldCounts: ClosedRange<Int>, _ parse: ([Substring]) -> Row?
  ) throws(DataError) -> [Row] {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.read(path, bytesMax: 16 << 20)
    } catch {
      throw .unreadable(path: path, reason: error.diagnosis.finding)
    }
    var rows: [Row] = []
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fieldCounts.contains(fields.count) else {
        let end = fields.prefix(fieldCounts.upperBound).joined(separator: ",").utf8.count
        throw .wrongFieldCount(
          place: "\(path):\(index + 1):\(end + 1)", found: fields.count,
          expected: fieldCounts.lowerBound)
      }
      guard let row = parse(fields) else {
        throw .wrongFormat(
          place: "\(path):\(index + 1):1",
          found: "\(Excerpt.quoted(line, longest: 60)) is no row of this kind of file",
          remedy: "expected a date such as 20140606 and the values behind it; fetch it again")
      }
      rows.append(row)
    }
    guard !rows.isEmpty else { throw .empty(path: path) }
    return rows
  }

  /// `20140606`.
  static func date(_ text: Substring) -> CivilDate? {
    guard text.utf8.count == 8, let number = Int(text) else { return nil }
    return CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
  }

  static func number(_ text: Substring) -> Double? {
    Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
