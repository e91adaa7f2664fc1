import Market
import Runtime

/// One file on its way into a store: what it is and how it is read.
struct ImportJob {
  enum Content {
    case bars
    case ticks(TickFile)
    case actions(() throws -> [CorporateAction])
  }

  let item: ImportPlan.Item
  let content: Content
  private let options: ImportOptions
  private let lean: LeanPath?
  private let names: LeanNameBook?
  /// What the folder of the file declares.
  private let folder: BarDeclaration
  /// Whose bars they are, where the file does not say so.
  private let symbol: Symbol?

  init(
    _ item: ImportPlan.Item, options: ImportOptions, isOnly: Bool, books: LeanNameBooks
  ) throws(DataError) {
    self.item = item
    self.options = options
    lean = LeanPath(FilePath.absolute(item.path))
    folder = try DataFolder.declaration(beside: item.path)
    // A name such as prices.csv is no symbol; the only one given is then that file's.
    symbol =
      lean?.symbol ?? ListedSymbol.capital(ofFile: FilePath.name(item.member ?? item.path))
      ?? (isOnly && options.symbols.count == 1 ? options.symbols[0] : nil)
    var names: LeanNameBook?
    if let lean {
      content = try Self.content(of: lean, item: item)
      if case .bars = content { names = try books.book(of: lean.marketFolder) }
    } else if item.member == nil, let ticks = try TickFile(path: item.path) {
      content = .ticks(ticks)
    } else {
      content = .bars
    }
    self.names = names
  }

  private static func content(
    of lean: LeanPath, item: ImportPlan.Item
  ) throws(DataError) -> Content {
    if lean.content == .factors || lean.content == .names {
      return .actions { try LeanActions(lean, path: item.path).actions() }
    }
    if lean.resolution == .tick || lean.content == .quotes {
      return .ticks(try TickFile(lean: lean, path: item.path))
    }
    return .bars
  }

  func reader() throws(DataError) -> BarFileReader {
    let given = folder.overlaid(with: options.declaration)
    guard let lean else {
      return try BarFileReader(
        path: item.path, member: item.member, symbol: symbol,
        options: ReadingOptions(
          declaration: given, columns: options.columns, text: options.text))
    }
    return try BarFileReader(
      LeanTables(path: item.path, lean: lean), path: item.path, symbol: symbol, given: given)
  }

  /// The name under which a store keeps the bars: what a flag, the file or its folder says, else the
  /// folder's own name.
  func source(of declaration: BarDeclaration) -> String {
    options.declaration.source ?? declaration.source
      ?? FilePath.folderName(FilePath.absolute(item.path)) ?? "files"
  }

  /// The bars asked for, under the names that their companies have now.
  func wanted(_ batches: [BarBatch]) -> [BarBatch] {
    var batches = batches
    if let names, let zone = lean?.zone {
      batches = batches.flatMap { names.followed($0, in: zone) }
    }
    return batches.filter { batch in
      options.interval.map { $0 == batch.interval } ?? true
        && (options.symbols.isEmpty || options.symbols.contains(batch.symbol))
    }
  }

  /// The folder of a market of LEAN's that the file stands in.
  var marketFolder: String? { lean?.marketFolder }

  /// How many of the bars are of a company that had the name before its present holder.
  func strangerCount(_ batch: BarBatch) -> Int {
    guard let names, let zone = lean?.zone else { return 0 }
    return names.strangerCount(batch, in: zone)
  }

  /// By what an import of the same bytes, read in the same way, is known again.
  func hash() throws -> String {
    let bytes = try SHA256.hash(file: item.path).description
    let ways = [
      item.member, options.declaration.source, options.declaration.stamp?.rawValue,
      options.declaration.zone, options.declaration.calendar,
      options.declaration.adjustment?.rawValue,
      options.interval?.description, options.text == TextOptions() ? nil : "\(options.text)",
      folder == BarDeclaration() ? nil : "\(folder)",
      options.symbols.isEmpty ? nil : options.symbols.map(\.text).joined(separator: ","),
      options.columns.isEmpty
        ? nil : options.columns.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ","),
    ]
    guard ways.contains(where: { $0 != nil }) else { return bytes }
    return SHA256.hash(([bytes] + ways.map { $0 ?? "" }).joined(separator: "\n")).description
  }

  /// What is known of a file whose rows the store has already.
  func described(rows: Int) throws -> ImportOutcome {
    var outcome = ImportOutcome(path: item.place, status: .unchanged)
    outcome.rows = rows
    switch content {
    case .ticks(let ticks):
      outcome.symbols = [ticks.symbol]
      outcome.kind = ticks.kind
      return outcome
    case .actions:
      outcome.kind = "actions"
      return outcome
    case .bars: break
    }
    let reader = try reader()
    outcome.rows = 0
    while let batches = try reader.next() {
      for batch in wanted(batches) {
        outcome.strangers += strangerCount(batch)
        outcome.add(batch)
        if !outcome.symbols.contains(batch.symbol) { outcome.symbols.append(batch.symbol) }
      }
      if outcome.rows >= Self.rowsReadAgain { break }
    }
    try describe(reader, in: &outcome)
    return outcome
  }

  /// About what one second reads.
  private static let rowsReadAgain = 1 << 20

  /// Puts into the outcome what reading the file has shown.
  func describe(_ reader: BarFileReader, in outcome: inout ImportOutcome) throws {
    outcome.source = source(of: reader.declaration)
    outcome.interval = reader.interval
    outcome.declaration = reader.declaration
    outcome.form = reader.form
    if reader.auctionCount > 0 {
      outcome.notes.append(
        "\(reader.auctionCount) rows begin at the close of their session: the closing auction, kept "
          + "as a bar behind it")
    }
    if !reader.daysWithoutSession.isEmpty {
      let days = reader.daysWithoutSession
      outcome.notes.append(
        "\(days.count) days on which the calendar knows no session (\(days[0]) to "
          + "\(days[days.count - 1])): their bars end at midnight, so that none is known too early")
    }
    if !reader.ignored.isEmpty {
      outcome.notes.append(
        "columns without numbers left out: \(reader.ignored.joined(separator: ", "))")
    }
    if let lean {
      for stranger in try LeanTables.strangers(in: item.path, lean: lean) {
        outcome.notes.append("\(stranger) in the same archive is named for another day: left out")
      }
      outcome.notes += names?.words(about: lean.ticker, strangers: outcome.strangers) ?? []
    }
    if outcome.rows < reader.rowCount, outcome.status == .imported {
      outcome.notes.append("\(reader.rowCount - outcome.rows) rows were not asked for")
    }
  }
}
