import Market
import Numerics
import Runtime

/// One LEAN archive of ticks, or of quotes at the end of each minute or second.
public struct LeanTicks: TradeSource, QuoteSource {
  public let path: String
  public let symbol: Symbol
  public let day: CivilDate
  let lean: LeanPath

  /// `nil` where the path is not one of such a file in a LEAN folder.
  public init?(path: String) {
    guard let lean = LeanPath(FilePath.absolute(path)) else { return nil }
    self.init(lean, path: path)
  }

  init?(_ lean: LeanPath, path: String) {
    guard let symbol = lean.symbol, let day = lean.day else { return nil }
    self.path = path
    self.lean = lean
    self.symbol = symbol
    self.day = day
  }

  private func isWanted(_ request: TickRequest) -> Bool {
    request.symbol == symbol && request.days.contains(day)
  }

  public func trades(_ request: TickRequest) -> TradeStream {
    guard isWanted(request), lean.content == .trades, lean.resolution == .tick else {
      return TradeStream { nil }
    }
    return RecordPuller { [self] in
      try LeanTickReader(self)
    } read: {
      try $0.nextTrades()
    }.stream
  }

  public func quotes(_ request: TickRequest) -> QuoteStream {
    guard isWanted(request), lean.content == .quotes else { return QuoteStream { nil } }
    if lean.resolution == .tick {
      return RecordPuller { [self] in
        try LeanTickReader(self)
      } read: {
        try $0.nextQuotes()
      }.stream
    }
    return RecordPuller { [self] in
      try LeanQuoteBars(self)
    } read: {
      try $0.next()
    }.stream
  }
}

/// Reads ticks: milliseconds since the exchange's midnight, then what happened.
final class LeanTickReader {
  private let lines: LineFeed
  private let midnight: Int64

  init(_ ticks: LeanTicks) throws(DataError) {
    let declared = try ticks.lean.declaration()
    let member = try LeanTables.member(of: ticks.path, lean: ticks.lean)
    lines = LineFeed(try FileText.open(ticks.path, member: member), path: ticks.path)
    do {
      let zone = try Zone(named: declared.zone ?? Zone.utc.name)
      midnight = zone.instant(on: ticks.day, secondOfDay: 0).nanoseconds
    } catch {
      throw .calendar(place: ticks.path, error)
    }
  }

  func nextTrades() throws(DataError) -> [Trade]? {
    var trades: [Trade] = []
    let isThere = try lines.nextLines { line throws(DataError) in
      let fields = try line.fields(6)
      let time = try time(line, fields[0])
      guard
        let conditions = UInt32(
          line.text(fields[4]).isEmpty ? "0" : line.text(fields[4]), radix: 16)
      else { throw line.bad(fields[4], "conditions", "a number in hexadecimal digits") }
      trades.append(
        Trade(
          time: time, knownAt: time, price: try line.price(fields[1], "price"),
          quantity: try line.quantity(fields[2], "quantity"), venue: venue(line, fields[3]),
          conditions: conditions))
    }
    return isThere ? trades : nil
  }

  func nextQuotes() throws(DataError) -> [Quote]? {
    var quotes: [Quote] = []
    let isThere = try lines.nextLines { line throws(DataError) in
      let fields = try line.fields(8)
      let time = try time(line, fields[0])
      func side(_ index: Int, _ name: String) throws(DataError) -> Quote.Side? {
        let price = try line.price(fields[index], name)
        // A tick tells of one side; the other stands as zero.
        return price == .zero
          ? nil
          : Quote.Side(price: price, quantity: try line.quantity(fields[index + 1], name))
      }
      quotes.append(
        Quote(
          time: time, knownAt: time, bid: try side(1, "bid"), ask: try side(3, "ask"),
          venue: venue(line, fields[5])))
    }
    return isThere ? quotes : nil
  }

  private func time(_ line: TickLine, _ field: Range<Int>) throws(DataError) -> Timestamp {
    let count = try line.integer(field, "time")
    guard (0...86_400_000).contains(count) else {
      throw line.bad(field, "time", "a number of milliseconds since midnight")
    }
    return Timestamp(nanoseconds: midnight + count * 1_000_000)
  }

  private func venue(_ line: TickLine, _ field: Range<Int>) -> UInt8 {
    field.isEmpty ? 0 : line.bytes[field.lowerBound] & 0x7f
  }
}

/// Quotes at the end of each bar of best prices; what they were inside it is not kept.
final class LeanQuoteBars {
  private let reader: BarFileReader

  init(_ ticks: LeanTicks) throws(DataError) {
    reader = try BarFileReader(
      LeanTables(path: ticks.path, lean: ticks.lean), path: ticks.path, symbol: ticks.symbol,
      given: BarDeclaration())
  }

  func next() throws(DataError) -> [Quote]? {
    guard let batches = try reader.next() else { return nil }
    var quotes: [Quote] = []
    for batch in batches {
      for row in 0..<batch.count {
        let time = Timestamp(nanoseconds: batch.end[row])
        quotes.append(
          Quote(
            time: time, knownAt: Timestamp(nanoseconds: batch.knownAt[row]),
            bid: try side(batch, "bid", row), ask: try side(batch, "ask", row)))
      }
    }
    return quotes
  }

  private func side(
    _ batch: BarBatch, _ name: String, _ row: Int
  ) throws(DataError) -> Quote.Side? {
    guard let price = batch["\(name)_close"]?[row], let size = batch["\(name)_size"]?[row],
      price.isFinite
    else { return nil }
    do {
      return Quote.Side(
        price: try Price(nearest: price), quantity: try Quantity(nearest: size.isFinite ? size : 0))
    } catch {
      throw .badValue(
        place: "\(reader.path) (row \(row + 1))", column: name, text: "\(price)",
        expected: "a price and a quantity that fit")
    }
  }
}
