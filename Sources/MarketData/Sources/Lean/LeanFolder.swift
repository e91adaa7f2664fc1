import Foundation
import Market
import Runtime

/// The folder of one market in LEAN's data, such as `equity/usa`, as a source: a share is followed
/// through the names that it was traded under.
public struct LeanFolder: BarSource {
  /// The folder of the market.
  public let path: String
  /// What holds for bars of any length; a stamp is a bar's start, or of daily bars their session.
  public let declaration: BarDeclaration
  private let names: LeanNameBook
  private let type: String
  private let market: String

  /// Reads the map files, but no bars yet.
  public init(path: String) throws(DataError) {
    let parts = FilePath.absolute(path).split(separator: "/").suffix(2).map(String.init)
    guard parts.count == 2, let probe = LeanPath("\(parts[0])/\(parts[1])/daily/x.zip") else {
      throw .wrongFormat(
        place: path, found: "is not the folder of a market in LEAN's data",
        remedy: "name one such as data/equity/usa")
    }
    self.path = path
    type = parts[0]
    market = parts[1]
    var declaration = try probe.declaration()
    declaration.interval = nil
    declaration.stamp = nil
    self.declaration = declaration
    names = try LeanNameBook(marketFolder: path)
  }

  public func bars(_ request: BarRequest) -> BarStream {
    let queue = LeanQueue(Result { try files(of: request) }, request: request)
    return BarStream { try await queue.next() }
  }

  public func actions(of symbol: Symbol, days: TimeRange) async throws -> [CorporateAction] {
    try LeanActions.all(of: symbol, marketFolder: FilePath.absolute(path)).filter {
      days.contains($0.date)
    }
  }

  /// One file and the days of it that are wanted.
  fileprivate struct Part {
    var file: String
    var lean: LeanPath
    var days: ClosedRange<CivilDate>
  }

  private static let always =
    CivilDate(dayNumber: -110_000)...CivilDate(dayNumber: 110_000)

  private func files(of request: BarRequest) throws(DataError) -> [Part] {
    guard let resolution = LeanPath.Resolution(request.interval) else {
      throw .badDeclaration(
        place: path, finding: "LEAN keeps no bars of \(request.interval)",
        remedy: "ask for 1s, 1min, 1h or 1d, and make others with: martinet data aggregate")
    }
    var spans = names.spans(of: request.symbol).map { ($0.symbol, $0.first...$0.last) }
    if spans.isEmpty {
      try refuseOldName(request.symbol)
      spans = [(request.symbol, Self.always)]
    }
    var parts: [Part] = []
    for (symbol, days) in spans {
      parts += try files(named: symbol.text.lowercased(), resolution, days: days)
    }
    guard !parts.isEmpty else {
      throw .unknownSymbol(
        symbol: request.symbol.text, folder: "\(path)/\(resolution.rawValue)", nearest: nil,
        available: try available(resolution))
    }
    return parts
  }

  /// A name that a share gave up is not a share's: whoever has it now is another company.
  private func refuseOldName(_ symbol: Symbol) throws(DataError) {
    guard let holder = names.holders(of: symbol).first else { return }
    throw .badDeclaration(
      place: path,
      finding: "\(symbol) was the name of what is \(holder) now, and nobody here has it since",
      remedy: "ask for \(holder); bars of another company called \(symbol) are not in this folder")
  }

  private func files(
    named ticker: String, _ resolution: LeanPath.Resolution, days: ClosedRange<CivilDate>
  ) throws(DataError) -> [Part] {
    let folder = "\(path)/\(resolution.rawValue)"
    func part(_ file: String) -> Part? {
      let relative = "\(type)/\(market)/\(resolution.rawValue)/\(file)"
      guard let lean = LeanPath(relative), lean.content == .trades,
        lean.day.map(days.contains) ?? true
      else { return nil }
      return Part(file: "\(folder)/\(file)", lean: lean, days: days)
    }
    if resolution == .daily || resolution == .hour {
      let file = "\(ticker).zip"
      guard FileManager.default.fileExists(atPath: "\(folder)/\(file)") else { return [] }
      return [part(file)].compactMap(\.self)
    }
    // A share without a folder has no bars under that name.
    return try DataListing.names(in: "\(folder)/\(ticker)").compactMap { part("\(ticker)/\($0)") }
  }

  private func available(_ resolution: LeanPath.Resolution) throws(DataError) -> [String] {
    try DataListing.names(in: "\(path)/\(resolution.rawValue)").map {
      $0.replacing(".zip", with: "").uppercased()
    }
  }
}

/// Files that are still to be read, one after the other.
private actor LeanQueue {
  private var files: Result<[LeanFolder.Part], any Error>
  private let request: BarRequest
  private var reader: BarFileReader?
  private var days: ClosedRange<CivilDate>?

  init(_ files: Result<[LeanFolder.Part], any Error>, request: BarRequest) {
    self.files = files
    self.request = request
  }

  func next() throws -> BarBatch? {
    while true {
      if let reader, let days, let zone = reader.zone {
        while let batches = try reader.next() {
          for batch in batches {
            let wanted = batch.rows { row in
              let date = zone.date(at: Timestamp(nanoseconds: batch.start[row]))
              return days.contains(date) && request.days.contains(date)
            }
            if wanted.count > 0 { return BarBatch(wanted, symbol: request.symbol) }
          }
        }
      }
      var left = try files.get()
      guard !left.isEmpty else { return nil }
      let part = left.removeFirst()
      files = .success(left)
      days = part.days
      reader = try BarFileReader(
        LeanTables(path: part.file, lean: part.lean), path: part.file, symbol: part.lean.symbol,
        given: BarDeclaration())
    }
  }
}

extension LeanPath.Resolution {
  fileprivate init?(_ interval: BarInterval) {
    let known: [LeanPath.Resolution] = [.daily, .hour, .minute, .second]
    guard let found = known.first(where: { $0.interval == interval }) else { return nil }
    self = found
  }
}
