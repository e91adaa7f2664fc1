import Foundation
import Market
import Numerics
import Runtime

/// A pair of files as LOBSTER writes them: what happened to the book, and the book behind each event.
///
/// `AAPL_2012-06-21_34200000_57600000_message_10.csv` and the same with `orderbook`; times are seconds
/// since midnight in New York, prices ten-thousandths of a dollar.
public struct LobsterFiles: BookSource {
  enum Part: String { case message, orderbook }

  public let symbol: Symbol
  public let day: CivilDate
  let part: Part
  let path: String
  private let levels: Int

  /// `nil` where the name is not one of LOBSTER's.
  public init?(path: String) {
    let parts = FilePath.name(path).split(separator: "_").map(String.init)
    guard parts.count >= 6, let symbol = Symbol(parts[0]), let part = Part(rawValue: parts[4]),
      let levels = Int(parts[5].prefix { $0.isNumber }), (1...200).contains(levels)
    else { return nil }
    let date = parts[1].split(separator: "-").compactMap { Int($0) }
    guard date.count == 3, let day = CivilDate(year: date[0], month: date[1], day: date[2]) else {
      return nil
    }
    self.symbol = symbol
    self.day = day
    self.part = part
    self.levels = levels
    self.path = path
  }

  /// The other file of the pair, or `nil` where it is not in the folder.
  private var partner: String? {
    let other: Part = part == .message ? .orderbook : .message
    let name = FilePath.name(path).replacing("_\(part.rawValue)_", with: "_\(other.rawValue)_")
    let file = FilePath.folder(path) + "/" + name
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }

  public func events(_ request: TickRequest) -> BookStream {
    guard request.symbol == symbol, request.days.contains(day) else { return BookStream { nil } }
    return RecordPuller {
      try LobsterReader(self)
    } read: {
      try $0.next()
    }.stream
  }

  fileprivate func message() throws(DataError) -> LineFeed {
    guard let path = part == .message ? path : partner else {
      throw .undeclared(
        place: path, what: "when these books were: their message file is not beside them",
        guess: nil, remedy: "put both files of the pair into one folder")
    }
    return LineFeed(try FileText.open(path), path: path)
  }

  fileprivate func books() throws(DataError) -> LineFeed? {
    part == .orderbook ? LineFeed(try FileText.open(path), path: path) : nil
  }

  fileprivate var fieldsOfBook: Int { 4 * levels }
}

/// Reads the events of a message file, or the books of an orderbook file at the times of its
/// messages.
final class LobsterReader {
  private let messages: LineFeed
  private let books: LineFeed?
  private let midnight: Int64
  private let fieldsOfBook: Int
  /// Times of messages whose books have not been read.
  private var times: [Timestamp] = []
  private(set) var rowCount = 0

  init(_ files: LobsterFiles) throws(DataError) {
    messages = try files.message()
    books = try files.books()
    fieldsOfBook = files.fieldsOfBook
    midnight = Zone.newYork.instant(on: files.day, secondOfDay: 0).nanoseconds
  }

  func next() throws(DataError) -> [BookEvent]? {
    if let books { return try nextBooks(books) }
    var events: [BookEvent] = []
    let isThere = try messages.nextLines { line throws(DataError) in
      events.append(try event(line))
    }
    rowCount += events.count
    return isThere ? events : nil
  }

  private func nextBooks(_ books: LineFeed) throws(DataError) -> [BookEvent]? {
    var events: [BookEvent] = []
    let isThere = try books.nextLines { line throws(DataError) in
      while times.isEmpty {
        let isThere = try messages.nextLines { message throws(DataError) in
          times.append(try event(message).time)
        }
        guard isThere else {
          throw .wrongFormat(
            place: "\(line.path):\(line.number)", found: "has more rows than its message file",
            remedy: "put the message file of the same download beside it")
        }
        times.reverse()
      }
      rowCount += 1
      if let time = times.popLast() { events += try book(line, at: time) }
    }
    if !isThere, !times.isEmpty {
      throw .wrongFormat(
        place: books.path, found: "has \(rowCount) rows, fewer than its message file",
        remedy: "put the message file of the same download beside it")
    }
    return isThere ? events : nil
  }

  private func event(_ line: TickLine) throws(DataError) -> BookEvent {
    let fields = try line.fields(6)
    let nanoseconds = try Self.nanoseconds(line, fields[0])
    let time = Timestamp(nanoseconds: midnight + nanoseconds)
    let kind: BookEvent.Kind =
      switch line.text(fields[1]) {
      case "1": .added
      case "2": .reduced
      case "3": .deleted
      case "4": .executed
      case "5": .executedHidden
      case "6": .crossed
      case "7": try line.integer(fields[4], "price") == -1 ? .halted : .resumed
      default: throw line.bad(fields[1], "type", "one of LOBSTER's types 1 to 7")
      }
    let isTrading = kind != .halted && kind != .resumed
    let side: BookEvent.Side
    switch line.text(fields[5]) {
    case "1": side = .bid
    case "-1": side = .ask
    default: throw line.bad(fields[5], "direction", "1 or -1")
    }
    return BookEvent(
      time: time, knownAt: time, kind: kind, side: isTrading ? side : .none,
      price: isTrading ? try line.price(fields[4], "price") : .zero,
      quantity: try line.quantity(fields[3], "size"),
      orderID: try line.integer(fields[2], "order"), sequence: Int64(line.number))
  }

  /// Seconds with up to nine digits behind the point: exact, where a Double would not be.
  private static func nanoseconds(
    _ line: TickLine, _ field: Range<Int>
  ) throws(DataError) -> Int64 {
    let parts = line.text(field).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(parts[0]), whole >= 0, whole <= 86_400 else {
      throw line.bad(field, "time", "a number of seconds since midnight")
    }
    guard parts.count == 2 else { return whole * Timestamp.nanosecondsPerSecond }
    guard (1...9).contains(parts[1].utf8.count), let digits = Int64(parts[1]), digits >= 0 else {
      throw line.bad(field, "time", "a number of seconds with at most nine digits behind the point")
    }
    var fraction = digits
    for _ in parts[1].utf8.count..<9 { fraction *= 10 }
    return whole * Timestamp.nanosecondsPerSecond + fraction
  }

  /// LOBSTER's price for a level that nobody stands at.
  private static let nobody: Set<Int64> = [9_999_999_999, -9_999_999_999]

  private func book(_ line: TickLine, at time: Timestamp) throws(DataError) -> [BookEvent] {
    let fields = try line.fields(fieldsOfBook)
    let sequence = Int64(line.number)
    var events = [BookEvent(time: time, knownAt: time, kind: .cleared, sequence: sequence)]
    for start in stride(from: 0, to: fields.count, by: 2) {
      guard !Self.nobody.contains(try line.integer(fields[start], "price")) else { continue }
      events.append(
        BookEvent(
          time: time, knownAt: time, kind: .snapshot, side: start % 4 == 0 ? .ask : .bid,
          price: try line.price(fields[start], "price"),
          quantity: try line.quantity(fields[start + 1], "size"), sequence: sequence))
    }
    return events
  }
}
