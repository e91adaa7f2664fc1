import Foundation
import Market
import Runtime

/// The bars of one file, batch by batch, in the order of its rows: a file of any size passes through
/// a few megabytes. Nothing is sorted and nothing left out.
public final class BarFileReader {
  public let path: String
  /// What the bars are, all of it settled.
  public let declaration: BarDeclaration
  public let interval: BarInterval
  /// What kind of file it is and how its times are written, as that was detected.
  public let form: String
  /// Titles of columns that are left out, because they hold no numbers.
  public let ignored: [String]
  /// Rows given so far.
  public private(set) var rowCount = 0
  /// Rows given so far that begin when a session is over: the closing auction, where a source writes
  /// it as a bar of its own.
  public private(set) var auctionCount = 0
  private let tables: any TableStream
  private let symbol: Symbol
  private var timing: BarTiming
  private var auctions: AuctionCounter
  private var pending: BarTable?

  /// - Parameters:
  ///   - path: a CSV or Parquet file; CSV may be packed with gzip, zstd or zip.
  ///   - member: which file of a zip archive, where it has several.
  ///   - symbol: whose bars they are, where the file has no column that says so.
  ///   - needsAdjustment: whether it must be declared what prices are adjusted for, as it must
  ///     before they are stored.
  public convenience init(
    path: String, member: String? = nil, symbol: Symbol? = nil,
    options: ReadingOptions = ReadingOptions(), needsAdjustment: Bool = true
  ) throws(DataError) {
    let place = member.map { "\(path):\($0)" } ?? path
    try self.init(
      Self.tables(path: path, member: member, place: place, options: options),
      path: place, symbol: symbol ?? ListedSymbol.capital(ofFile: FilePath.name(member ?? path)),
      given: options.declaration, needsAdjustment: needsAdjustment)
  }

  init(
    _ tables: any TableStream, path: String, symbol: Symbol?, given: BarDeclaration,
    needsAdjustment: Bool = true
  ) throws(DataError) {
    guard let first = try tables.next() else { throw .empty(path: path) }
    guard let symbol = first.symbols.first ?? symbol else {
      throw .undeclared(
        place: path, what: "whose bars these are", guess: nil, remedy: "add --symbols NAME")
    }
    self.tables = tables
    self.path = path
    self.symbol = symbol
    pending = first
    ignored = first.ignored
    form = "\(tables.form), \(first.kind.words)"
    let settled = try Settlement(
      of: tables, first: first, symbol: symbol, given: given, needsAdjustment: needsAdjustment,
      path: path)
    let parts = first.bySymbol(default: symbol)
    let longest = parts.max { $0.stamps.count < $1.stamps.count }
    timing = try BarTiming(
      stamps: longest?.stamps ?? first.stamps, kind: first.kind,
      declaration: settled.declaration, unknownDays: .untilMidnight, path: path)
    interval = timing.interval
    var declaration = settled.declaration
    declaration.interval = timing.interval
    self.declaration = declaration
    auctions = try AuctionCounter(declaration, interval: timing.interval, path: path)
  }

  /// Of the exchange; `nil` where the bars have only instants.
  var zone: Zone? { declaration.zone.flatMap(Zone.init(rawValue:)) }

  /// Days of daily bars on which the calendar knows no session: their bars go from the usual opening
  /// to midnight, so that none is known too early.
  public var daysWithoutSession: [CivilDate] { timing.unknownDays.sorted() }

  /// The next rows, one batch a symbol, or `nil` behind the last ones.
  public func next() throws(DataError) -> [BarBatch]? {
    let table: BarTable
    if let pending {
      table = pending
      self.pending = nil
    } else if let next = try tables.next() {
      table = next
    } else {
      return nil
    }
    var batches: [BarBatch] = []
    for part in table.bySymbol(default: symbol) {
      let start: Column<Int64>
      let end: Column<Int64>
      if let times = part.times {
        (start, end) = (times.start, part.stamps)
      } else {
        (start, end) = try timing.times(of: part.stamps, firstRow: rowCount)
      }
      auctionCount += auctions.count(start)
      batches.append(
        BarBatch(
          symbol: part.symbol, interval: interval, start: start, end: end,
          knownAt: part.times?.knownAt ?? end,
          columns: zip(table.names, part.numbers).map { (name: $0, values: $1) }))
    }
    rowCount += table.count
    return batches
  }

  private static func tables(
    path: String, member: String?, place: String, options: ReadingOptions
  ) throws(DataError) -> any TableStream {
    if try Packing(path: path) == nil {
      let start = try FileBytes(path: path).start(4)
      if start == Array("PAR1".utf8) {
        return try ParquetTables(path: path, columns: options.columns)
      }
    }
    return try CSVTables(
      FileText.open(path, member: member), path: place, options: options)
  }
}

/// Counts bars that begin at the instant at which their session closes and are the last of their day:
/// where trading goes on after the close they are bars like others.
private struct AuctionCounter {
  private var clock: SessionClock?
  private var lastClose: Int64?
  private let path: String

  init(
    _ declaration: BarDeclaration, interval: BarInterval, path: String
  ) throws(DataError) {
    self.path = path
    let isShort = interval.isIntraday && interval.length <= .seconds(60)
    var declaration = declaration
    declaration.zone = declaration.zone ?? Zone.utc.name
    clock = isShort ? try SessionClock(declaration, place: path) : nil
  }

  mutating func count(_ starts: Column<Int64>) -> Int {
    guard clock != nil else { return 0 }
    var count = 0
    for start in starts {
      // Years that the calendar does not know have no closes that it could know.
      guard let session = try? clock?.session(at: start, place: path) else { continue }
      let close = session.close.nanoseconds
      if start == close {
        lastClose = close
        count += 1
      } else if start > close, close == lastClose {
        lastClose = nil
        count -= 1
      }
    }
    return count
  }
}

/// Parts of paths.
enum FilePath {
  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path from the root, without following links.
  static func absolute(_ path: String) -> String {
    path.hasPrefix("/")
      ? path : URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The name of the folder that a file lies in, or `nil` where the path does not say.
  static func folderName(_ path: String) -> String? {
    path.split(separator: "/").dropLast().last.map(String.init)
  }
}
