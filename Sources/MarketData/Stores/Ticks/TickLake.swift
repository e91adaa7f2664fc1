import Foundation
import Market
import Runtime

/// Trades, quotes and books in a lake of Parquet files that other programs can read:
/// `FOLDER/trades/symbol=IBM/date=2013-10-08/lean.parquet`.
///
/// One file holds a day of one symbol from one source; writing it again replaces it.
public struct TickLake: Sendable {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// Writes records of one day, in the order given. Readers see the old file or the new one.
  func write<Record: TickRecord>(
    _ records: [Record], symbol: Symbol, day: CivilDate, source: String
  ) throws(DataError) {
    let place = "\(partition(Record.table, symbol))/date=\(day)"
    do {
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: place, reason: "the folder cannot be made")
    }
    try ParquetFile(path: "\(place)/\(source).parquet").write(Record.sheet(records))
  }

  private func partition(_ table: TickTable, _ symbol: Symbol) -> String {
    // A symbol can hold a slash, which would be a folder.
    "\(folder)/\(table.rawValue)/symbol=\(symbol.text.replacing("/", with: "%2F"))"
  }

  /// The files of one symbol in order of day, and of source within a day.
  private func files(
    _ table: TickTable, _ request: TickRequest
  ) throws(DataError) -> [String] {
    let place = partition(table, request.symbol)
    var paths: [String] = []
    for name in try DataListing.names(in: place) {
      // A folder that is no partition is not ours.
      guard name.hasPrefix("date="), let day = CivilDate(dashed: name.dropFirst(5)),
        request.days.contains(day)
      else { continue }
      let files = try DataListing.names(in: "\(place)/\(name)")
      paths += files.filter { $0.hasSuffix(".parquet") }.map { "\(place)/\(name)/\($0)" }
    }
    return paths
  }

  private func stream<Record: TickRecord>(
    _: Record.Type, _ request: TickRequest
  ) -> AsyncThrowingStream<[Record], any Error> {
    let queue = FileQueue(Result { () throws(DataError) in try files(Record.table, request) })
    return AsyncThrowingStream {
      guard let path = try await queue.next() else { return nil }
      return try ParquetFile(path: path).records(Record.self)
    }
  }
}

extension TickLake: TradeSource, QuoteSource, BookSource {
  public func trades(_ request: TickRequest) -> TradeStream { stream(Trade.self, request) }
  public func quotes(_ request: TickRequest) -> QuoteStream { stream(Quote.self, request) }
  public func events(_ request: TickRequest) -> BookStream { stream(BookEvent.self, request) }
}

/// Files that are still to be read.
private actor FileQueue {
  private let files: Result<[String], DataError>
  private var position = 0

  init(_ files: Result<[String], DataError>) { self.files = files }

  /// What kept the folder from being listed is said to whoever asks for its first file.
  func next() throws(DataError) -> String? {
    let files = try files.get()
    guard position < files.count else { return nil }
    position += 1
    return files[position - 1]
  }
}

extension CivilDate {
  /// `2013-10-08`.
  fileprivate init?(dashed text: Substring) {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    self.init(year: parts[0], month: parts[1], day: parts[2])
  }
}
