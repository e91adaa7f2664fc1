import Market
import MarketData
import Runtime

/// What a source said otherwise later.
let dataDiffVerb = Verb(
  "diff", summary: "List what a restatement changed, figure by figure",
  discussion: """
    Compares a store as it was at two instants. Bars that were only added are not listed; nothing is \
    printed where nothing was restated.
    """,
  flags: [DataFlags.from, DataFlags.symbols, DataFlags.interval, recorded],
  examples: [
    .init(
      "martinet data diff --recorded 2026-01-01T00:00:00Z..2026-02-01T00:00:00Z",
      "What changed in January.")
  ]
) { invocation in
  let store = try invocation[DataFlags.from].open(creating: false)
  let span = try invocation[recorded]
  let symbols = Set(try invocation[DataFlags.symbols])
  let interval = try invocation[DataFlags.interval]
  var found: [Restatement] = []
  for one in try store.series() {
    guard symbols.isEmpty || symbols.contains(one.key.symbol),
      interval == nil || one.key.interval == interval
    else { continue }
    found += try store.restatements(of: one.key, between: span.first, and: span.last)
  }
  for change in try store.restatedActions(of: nil, between: span.first, and: span.last) {
    if symbols.isEmpty || change.symbol.map(symbols.contains) ?? true { found.append(change) }
  }
  let console = invocation.console
  if invocation.wantsJSON {
    for change in found { console.output.write(change.json.text() + "\n") }
    return .done
  }
  if found.isEmpty { return .done }
  var table = Table([
    .words("symbol"), .words("source", importance: 2), .words("bar"), .words("column"),
    .numbers("old"), .numbers("new"),
  ])
  for change in found { table.add(change.cells.map { .init($0) }) }
  console.print(table.text(for: console.traits))
  console.print("\n\(NumberText.count(found.count)) figures restated in \(store.address)")
  return .done
}

/// Two instants, the later one last.
private struct Span: Sendable {
  let first: Timestamp
  let last: Timestamp
}

private let recorded: Flag<Span> = .required(
  "recorded", aliases: ["between"], .span, metavariable: "FROM..TO",
  help: "Two instants of the store's own time; either may be a day, which is its midnight UTC.")

extension Reading<Span> {
  fileprivate static var span: Self {
    Reading(expecting: "two instants", example: "2026-01-01T00:00:00Z..2026-02-01T00:00:00Z") {
      text in
      guard let dots = text.firstRange(of: "..") else { return nil }
      let first = try instant(text[..<dots.lowerBound])
      let last = try instant(text[dots.upperBound...])
      return first <= last ? Span(first: first, last: last) : nil
    }
  }

  private static func instant(_ text: Substring) throws -> Timestamp {
    guard !text.contains("T") else { return try Timestamp(parsing: text) }
    return try Timestamp(startOf: try CivilDate(parsing: text))
  }
}

extension Restatement {
  fileprivate var symbol: Symbol? {
    switch self {
    case .figure(let key, _, _, _, _): key.symbol
    case .action(_, _, let new): new.symbol
    }
  }

  fileprivate var cells: [String] {
    switch self {
    case .figure(let key, let start, let column, let old, let new):
      [key.symbol.text, key.source, start.description, column, text(old), text(new)]
    case .action(let source, let old, let new):
      [
        new.symbol.text, source, new.date.description, new.words.kind,
        old.map { $0.words.value } ?? NumberText.absent, new.words.value,
      ]
    }
  }

  private func text(_ value: Double) -> String {
    value.isNaN ? NumberText.absent : value.description
  }

  fileprivate var json: JSON {
    switch self {
    case .figure(let key, let start, let column, let old, let new):
      [
        "symbol": .string(key.symbol.text), "interval": .string(key.interval.description),
        "source": .string(key.source), "timestamp": .string(start.description),
        "column": .string(column), "old": .number(old), "new": .number(new),
      ]
    case .action(let source, let old, let new):
      [
        "symbol": .string(new.symbol.text), "source": .string(source),
        "date": .string(new.date.description), "action": .string(new.words.kind),
        "old": JSON(old?.words.value), "new": .string(new.words.value),
      ]
    }
  }
}

extension CorporateAction {
  fileprivate var words: (kind: String, value: String) {
    switch kind {
    case .split(let ratio): ("split", ratio.description)
    case .dividend(let amount): ("dividend", amount.description)
    case .renamed(let symbol): ("renamed", symbol.text)
    case .delisted: ("delisted", "delisted")
    }
  }
}
