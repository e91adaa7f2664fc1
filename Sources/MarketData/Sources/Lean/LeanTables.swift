import Market
import Runtime

/// The bars of one LEAN archive: a CSV without titles, times at the exchange, whole prices.
final class LeanTables: TableStream {
  private static let tradeNames = ["open", "high", "low", "close", "volume"]
  static let quoteNames = [
    "bid_open", "bid_high", "bid_low", "bid_close", "bid_size", "ask_open", "ask_high", "ask_low",
    "ask_close", "ask_size",
  ]

  private var reader: CSVReader
  private let lean: LeanPath
  let settled: BarDeclaration?

  init(path: String, lean: LeanPath) throws(DataError) {
    self.lean = lean
    settled = try lean.declaration()
    let member = try Self.member(of: path, lean: lean)
    reader = try CSVReader(
      FileText.open(path, member: member), path: path,
      layout: BarLayout(
        stampRole: lean.day == nil ? .stamp : .millisecondOfDay,
        names: lean.content == .quotes ? Self.quoteNames : Self.tradeNames),
      day: lean.day)
  }

  var titles: [String] { reader.layout.fields.map(\.title) }
  var exchanges: Set<String> { [] }
  var form: String { "LEAN's zip" }
  var interval: BarInterval? { nil }

  func next() throws(DataError) -> BarTable? {
    guard var table = try reader.nextTable() else { return nil }
    guard lean.priceScale != 1 else { return table }
    for (index, name) in table.names.enumerated() where name != "volume" && !name.hasSuffix("size")
    {
      let values = table.numbers[index]
      table.numbers[index] = Column(count: values.count) { out in
        // Both are whole numbers, so that the quotient is rounded once.
        for row in out.indices { out[row] = values[row] / lean.priceScale }
      }
    }
    return table
  }

  /// The file in the archive: the only one, or of several the one that is named for the day.
  static func member(of path: String, lean: LeanPath) throws(DataError) -> String? {
    let members = try FileText.members(of: path)
    guard members.count > 1 else { return members.first }
    let wanted = lean.day.map { day in
      let (year, month, date) = day.yearMonthDay
      return String(year * 10_000 + month * 100 + date) + "_"
    }
    let fitting = members.filter { $0.hasPrefix(wanted ?? lean.ticker) }
    guard fitting.count == 1 else {
      throw .wrongFormat(
        place: path,
        found: "is an archive of \(members.count) files, of which "
          + (fitting.isEmpty ? "none is" : "several are") + " named for it",
        remedy: "LEAN keeps one file in each archive: take the others out")
    }
    return fitting[0]
  }

  /// Files of an archive that are named for another day and are not read.
  static func strangers(in path: String, lean: LeanPath) throws(DataError) -> [String] {
    let members = try FileText.members(of: path)
    guard members.count > 1, let own = try member(of: path, lean: lean) else { return [] }
    return members.filter { $0 != own }
  }
}
