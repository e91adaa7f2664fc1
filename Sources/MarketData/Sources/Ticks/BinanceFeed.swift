import Market
import Numerics
import Runtime

/// A recording of Binance's streams of one instrument: on each line the receiver's time in
/// nanoseconds since 1970 and a message in JSON, which is a change of the book, best prices, a trade,
/// or a picture of the whole book.
public struct BinanceFeed: TradeSource, QuoteSource, BookSource {
  public let path: String
  public let symbol: Symbol

  /// `nil` where the file does not begin like such a recording.
  public init?(path: String) throws(DataError) {
    let start = try FileText.open(path).start(512)
    let digits = start.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (18...19).contains(digits.count), start.dropFirst(digits.count).starts(with: " {".utf8)
    else { return nil }
    self.path = path
    var symbol: Symbol?
    let reader = try BinanceReader(path: path)
    while symbol == nil, let batch = try reader.next() { symbol = batch.symbol }
    guard let symbol else {
      throw .wrongFormat(
        place: path, found: "no message in it names its instrument",
        remedy: "record a stream such as depth or trade beside the picture of the book")
    }
    self.symbol = symbol
  }

  private func records<Record: Sendable>(
    _ request: TickRequest, _ part: @escaping @Sendable (BinanceReader.Batch) -> [Record]
  ) -> AsyncThrowingStream<[Record], any Error> {
    guard request.symbol == symbol else { return AsyncThrowingStream { nil } }
    let path = path
    return RecordPuller {
      try BinanceReader(path: path)
    } read: {
      try $0.next().map(part)
    }.stream
  }

  public func trades(_ request: TickRequest) -> TradeStream {
    let days = request.days
    return records(request) { $0.trades.filter { days.contains($0.time.utcDate) } }
  }

  public func quotes(_ request: TickRequest) -> QuoteStream {
    let days = request.days
    return records(request) { $0.quotes.filter { days.contains($0.time.utcDate) } }
  }

  public func events(_ request: TickRequest) -> BookStream {
    let days = request.days
    return records(request) { $0.events.filter { days.contains($0.time.utcDate) } }
  }
}

/// Whether updates of a book follow each other without a hole: each begins one behind the last one's
/// end, and the first behind a picture of the book covers the number after the picture's.
public struct DepthChain: Sendable {
  /// Where updates are missing: the number expected and the one that came.
  public struct Gap: Hashable, Sendable {
    public let line: Int
    public let expected: Int64
    public let found: Int64
  }

  public private(set) var gaps: [Gap] = []
  /// Updates that came before any picture of the book, or that the picture already held.
  public private(set) var staleCount = 0
  private var pictured: Int64?
  private var last: Int64?

  public init() {}

  public mutating func picture(_ number: Int64) { pictured = number }

  /// - Returns: whether updates are missing before this one.
  public mutating func update(first: Int64, last number: Int64, line: Int) -> Bool {
    let expected = last.map { $0 + 1 }
    last = number
    if pictured == nil || number <= pictured ?? 0 { staleCount += 1 }
    if let expected, first != expected {
      gaps.append(Gap(line: line, expected: expected, found: first))
      return true
    }
    return false
  }
}

/// Reads the messages of a recording, a block of lines at a time.
final class BinanceReader {
  struct Batch: Sendable {
    var symbol: Symbol?
    var trades: [Trade] = []
    var quotes: [Quote] = []
    var events: [BookEvent] = []
  }

  private let lines: LineFeed
  private(set) var chain = DepthChain()
  private(set) var lineCount = 0
  private(set) var updateCount = 0
  private(set) var pictureCount = 0
  /// How far the venue's clock was ahead of the receiver's at most; times are then the venue's.
  private(set) var aheadMax: Int64 = 0

  init(path: String) throws(DataError) {
    lines = LineFeed(try FileText.open(path), path: path)
  }

  func next() throws(DataError) -> Batch? {
    var batch = Batch()
    let isThere = try lines.nextLines { line throws(DataError) in
      lineCount += 1
      try BinanceMessage(line).add(to: &batch, reader: self)
    }
    return isThere ? batch : nil
  }

  /// The venue's time of an event, and when it could be acted on: not before it happened, though the
  /// receiver's clock may say so.
  fileprivate func times(
    received: Timestamp, milliseconds: Int64?
  ) -> (time: Timestamp, knownAt: Timestamp) {
    guard let milliseconds else { return (received, received) }
    let time = Timestamp(nanoseconds: milliseconds * 1_000_000)
    aheadMax = max(aheadMax, time.nanoseconds - received.nanoseconds)
    return (time, max(time, received))
  }

  fileprivate func update(first: Int64, last: Int64, line: Int) -> Bool {
    updateCount += 1
    return chain.update(first: first, last: last, line: line)
  }

  fileprivate func picture(_ number: Int64) {
    pictureCount += 1
    chain.picture(number)
  }
}

/// One line of a recording.
private struct BinanceMessage {
  private let line: TickLine
  private let received: Timestamp
  private let json: JSON
  private let offset: Int

  init(_ line: TickLine) throws(DataError) {
    self.line = line
    let end = line.bytes.firstIndex(of: UInt8(ascii: " ")) ?? line.bytes.count
    guard (18...19).contains(end), let nanoseconds = Int64(line.text(0..<end)) else {
      throw line.bad(0..<min(end, 24), "time", "a time in nanoseconds since 1970")
    }
    received = Timestamp(nanoseconds: nanoseconds)
    offset = min(end + 1, line.bytes.count)
    do {
      json = try JSON(parsing: Array(line.bytes[offset...]), source: line.path)
    } catch {
      throw Self.misplaced(error, line: line, offset: offset)
    }
  }

  /// The same with the line and column in the file.
  private static func misplaced(_ error: JSONError, line: TickLine, offset: Int) -> DataError {
    let column =
      switch error {
      case .malformed(_, _, let column, _), .tooDeep(_, _, let column, _),
        .repeatedKey(_, _, let column, _):
        column + offset
      }
    return .wrongFormat(
      place: "\(line.path):\(line.number):\(column)", found: error.diagnosis.finding,
      remedy: error.diagnosis.remedy)
  }

  func add(to batch: inout BinanceReader.Batch, reader: BinanceReader) throws(DataError) {
    if json["lastUpdateId"] != nil { return try addPicture(to: &batch, reader) }
    guard case .string(let stream)? = json["stream"], let data = json["data"] else {
      throw wrong("names no stream")
    }
    guard case .string(let name)? = data["s"], let symbol = Symbol(name) else {
      throw wrong("names no instrument")
    }
    guard batch.symbol == nil || batch.symbol == symbol else {
      throw wrong("is of another instrument than the lines above it")
    }
    batch.symbol = symbol
    switch stream.split(separator: "@").dropFirst().first {
    case "trade"?:
      let times = try times(data, "T", reader)
      batch.trades.append(
        Trade(
          time: times.time, knownAt: times.knownAt, price: try amount(data["p"], "p"),
          quantity: try amount(data["q"], "q")))
    case "bookTicker"?:
      let times = try times(data, "E", reader)
      batch.quotes.append(
        Quote(
          time: times.time, knownAt: times.knownAt, bid: try side(data, "b", "B"),
          ask: try side(data, "a", "A")))
    case "depth"?: try addUpdate(data, to: &batch, reader)
    default: throw wrong("is of a stream that is not known here: \(Excerpt.quoted(stream))")
    }
  }

  private func addUpdate(
    _ data: JSON, to batch: inout BinanceReader.Batch, _ reader: BinanceReader
  ) throws(DataError) {
    let times = try times(data, "E", reader)
    let first = try integer(data["U"], "U")
    let last = try integer(data["u"], "u")
    guard first <= last else { throw wrong("ends (u) before it begins (U)") }
    // Behind a hole nothing that was known of the book holds any more.
    if reader.update(first: first, last: last, line: line.number) {
      batch.events.append(
        BookEvent(
          time: times.time, knownAt: times.knownAt, kind: .cleared, sequence: first))
    }
    for (key, side) in [("b", BookEvent.Side.bid), ("a", .ask)] {
      for level in try levels(data[key], key) {
        batch.events.append(
          BookEvent(
            time: times.time, knownAt: times.knownAt, kind: .level, side: side,
            price: level.price, quantity: level.quantity, sequence: last))
      }
    }
  }

  private func addPicture(
    to batch: inout BinanceReader.Batch, _ reader: BinanceReader
  ) throws(DataError) {
    let number = try integer(json["lastUpdateId"], "lastUpdateId")
    reader.picture(number)
    batch.events.append(
      BookEvent(time: received, knownAt: received, kind: .cleared, sequence: number))
    for (key, side) in [("bids", BookEvent.Side.bid), ("asks", .ask)] {
      for level in try levels(json[key], key) {
        batch.events.append(
          BookEvent(
            time: received, knownAt: received, kind: .snapshot, side: side, price: level.price,
            quantity: level.quantity, sequence: number))
      }
    }
  }

  private func times(
    _ data: JSON, _ key: String, _ reader: BinanceReader
  ) throws(DataError) -> (time: Timestamp, knownAt: Timestamp) {
    guard let value = data[key] else { return reader.times(received: received, milliseconds: nil) }
    guard case .integer(let count) = value, (0...9_000_000_000_000).contains(count) else {
      throw wrong("has no time in \(key)")
    }
    return reader.times(received: received, milliseconds: count)
  }

  private func side(
    _ data: JSON, _ price: String, _ quantity: String
  ) throws(DataError) -> Quote.Side? {
    let level = Quote.Side(
      price: try amount(data[price], price), quantity: try amount(data[quantity], quantity))
    return level.quantity == .zero ? nil : level
  }

  private func levels(_ value: JSON?, _ key: String) throws(DataError) -> [Quote.Side] {
    guard case .array(let rows)? = value else { throw wrong("has no levels in \(key)") }
    return try rows.map { row throws(DataError) in
      guard case .array(let pair) = row, pair.count >= 2 else {
        throw wrong("has a level in \(key) that is no pair of price and quantity")
      }
      return Quote.Side(price: try amount(pair[0], key), quantity: try amount(pair[1], key))
    }
  }

  private func amount<Unit>(
    _ value: JSON?, _ key: String
  ) throws(DataError) -> FixedPoint<Unit> {
    guard case .string(let text)? = value else { throw wrong("has no number as text in \(key)") }
    do {
      let amount = try FixedPoint<Unit>(parsing: text)
      guard amount.steps >= 0 else { throw wrong("has a negative number in \(key)") }
      return amount
    } catch let error as DataError {
      throw error
    } catch {
      throw wrong("has no number in \(key): \(Excerpt.quoted(text, longest: 40))")
    }
  }

  private func integer(_ value: JSON?, _ key: String) throws(DataError) -> Int64 {
    guard case .integer(let number)? = value, number >= 0, number < .max else {
      throw wrong("has no whole number in \(key)")
    }
    return number
  }

  private func wrong(_ found: String) -> DataError {
    .wrongFormat(
      place: "\(line.path):\(line.number):\(offset + 1)", found: found,
      remedy: "expected a message of Binance's trade, bookTicker or depth stream")
  }
}
