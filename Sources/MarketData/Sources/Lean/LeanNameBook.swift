import Foundation
import Market
import Runtime
import Synchronization

/// Every name that shares of one market were traded under, from LEAN's map files.
struct LeanNameBook {
  private let companies: [LeanNames]

  init(marketFolder: String) throws(DataError) {
    let folder = marketFolder + "/map_files"
    // A market without map files has no renamed shares.
    let files = try DataListing.names(in: folder)
    companies = try files.filter { $0.hasSuffix(".csv") }.map { name throws(DataError) in
      try LeanNames(path: folder + "/" + name)
    }
  }

  init(_ companies: [LeanNames]) { self.companies = companies }

  /// Whose share had that name on a day: the name that the company has now, or had last.
  func company(named symbol: Symbol, on date: CivilDate) -> Symbol? {
    companies.first { company in
      company.spans.contains { $0.symbol == symbol && $0.first <= date && date <= $0.last }
    }?.symbol
  }

  /// The names under which a company's share was traded, oldest first.
  func spans(of symbol: Symbol) -> [LeanNames.Span] {
    companies.first { $0.symbol == symbol }?.spans ?? []
  }

  /// The present names of the shares that were once traded under `symbol`.
  func holders(of symbol: Symbol) -> [Symbol] {
    companies.filter { $0.spans.contains { $0.symbol == symbol } }.map(\.symbol)
  }

  /// The same bars under the names that their companies have now. A name that two companies have
  /// had gives a batch for each.
  func followed(_ batch: BarBatch, in zone: Zone) -> [BarBatch] {
    let holders = companies.filter { $0.spans.contains { $0.symbol == batch.symbol } }
    guard holders.contains(where: { $0.symbol != batch.symbol }) else { return [batch] }
    let owners = (0..<batch.count).map { row in
      company(named: batch.symbol, on: zone.date(at: Timestamp(nanoseconds: batch.start[row])))
        ?? batch.symbol
    }
    return Array(Set(owners)).sorted().map { owner in
      BarBatch(batch.rows { owners[$0] == owner }, symbol: owner)
    }
  }

  /// How many bars lie before the company that has their name now was traded under it.
  func strangerCount(_ batch: BarBatch, in zone: Zone) -> Int {
    let own = spans(of: batch.symbol).filter { $0.symbol == batch.symbol }
    guard let first = own.map(\.first).min() else { return 0 }
    return batch.start.count { zone.date(at: Timestamp(nanoseconds: $0)) < first }
  }

  /// What a person should know about a name that is not only its present holder's.
  ///
  /// - Parameter strangers: bars from before the present holder had the name.
  func words(about ticker: String, strangers: Int) -> [String] {
    guard let symbol = Symbol(ticker.uppercased()) else { return [] }
    var words: [String] = []
    if strangers > 0 {
      let earlier = spans(of: symbol).first?.symbol ?? symbol
      words.append(
        "\(strangers) bars are from before today's \(symbol) had that name; it was \(earlier) then, and "
          + "these are of another company that was called \(symbol)")
    }
    for company in companies {
      for span in company.spans where span.symbol == symbol && company.symbol != symbol {
        words.append(
          "\(symbol) was the name of what is \(company.symbol) now, from \(span.first) to "
            + "\(span.last): its bars of those days are stored as \(company.symbol)")
      }
      for span in company.spans where company.symbol == symbol && span.symbol != symbol {
        words.append(
          "\(symbol) was traded as \(span.symbol) from \(span.first) to \(span.last): LEAN keeps "
            + "those bars under \(span.symbol.text.lowercased())")
      }
    }
    let holders = companies.filter { $0.spans.contains { $0.symbol == symbol } }
    if holders.count > 1 {
      let names = holders.map(\.symbol.text).joined(separator: " and ")
      words.append("the name \(symbol) was used by two companies, \(names): they are kept apart")
    }
    return words
  }
}

/// The books of the markets met so far: map files are read once, however many archives follow.
final class LeanNameBooks: Sendable {
  private let known = Mutex<[String: LeanNameBook]>([:])
  private let met = Mutex<Set<String>>([])

  func book(of marketFolder: String) throws(DataError) -> LeanNameBook {
    if let book = known.withLock({ $0[marketFolder] }) { return book }
    let book = try LeanNameBook(marketFolder: marketFolder)
    known.withLock { $0[marketFolder] = book }
    return book
  }

  /// Whether a share of a market is met for the first time.
  func meets(_ symbol: Symbol, of marketFolder: String) -> Bool {
    met.withLock { $0.insert("\(marketFolder) \(symbol)").inserted }
  }
}

extension BarBatch {
  /// The same bars as those of another symbol.
  init(_ batch: BarBatch, symbol: Symbol) {
    self.init(
      symbol: symbol, interval: batch.interval, start: batch.start, end: batch.end,
      knownAt: batch.knownAt, columns: batch.columns)
  }
}

/// What a factor or map file says that companies did.
struct LeanActions {
  private let lean: LeanPath
  private let path: String

  init(_ lean: LeanPath, path: String) {
    self.lean = lean
    self.path = path
  }

  func actions() throws(DataError) -> [CorporateAction] {
    let zone = try Zone(lean, path: path)
    guard let calendar = TradingCalendar.all.first(where: { $0.zone == zone }),
      let symbol = lean.symbol
    else {
      throw .wrongFormat(place: path, found: "names no symbol", remedy: "name it for its share")
    }
    if lean.content == .names {
      return try LeanNames(path: path).actions(calendar: calendar, path: path)
    }
    return try LeanFactors(path: path).actions(of: symbol, calendar: calendar)
  }

  /// What the factor and the map file of a share say, by day; nothing where a market has neither.
  static func all(
    of symbol: Symbol, marketFolder: String
  ) throws(DataError) -> [CorporateAction] {
    var actions: [CorporateAction] = []
    for folder in ["factor_files", "map_files"] {
      let path = "\(marketFolder)/\(folder)/\(symbol.text.lowercased()).csv"
      guard FileManager.default.fileExists(atPath: path), let lean = LeanPath(path) else {
        continue
      }
      actions += try LeanActions(lean, path: path).actions()
    }
    return actions.sorted { $0.date < $1.date }
  }
}

extension Zone {
  fileprivate init(_ lean: LeanPath, path: String) throws(DataError) {
    guard let zone = lean.zone else {
      _ = try lean.declaration()
      throw .wrongFormat(place: path, found: "belongs to no market", remedy: "name its folder")
    }
    self = zone
  }
}
