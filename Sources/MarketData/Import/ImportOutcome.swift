import Market
import Runtime

/// What became of one file that was to be imported.
public struct ImportOutcome: Sendable {
  public enum Status: String, Sendable {
    /// Its rows are in the store.
    case imported
    /// A file with the same bytes was imported before, and the store still has its rows.
    case unchanged
    /// It has none of the bars that were asked for.
    case skipped
    /// Nothing of it is in the store; `refusal` says why.
    case refused
  }

  public let path: String
  public var status: Status
  /// What it holds: `bars`, `trades`, `quotes`, `book` or `actions`.
  public var kind = "bars"
  /// Whose rows they are, in the order in which they came.
  public var symbols: [Symbol] = []
  /// The source's name, under which the store keeps them.
  public var source: String?
  /// The length of its bars; `nil` where it holds none.
  public var interval: BarInterval?
  public var rows = 0
  /// The start of the first row in time, and the end of the last.
  public var span: Range<Timestamp>?
  public var counts = WriteCounts()
  /// What kind of file it is and how its times are written, as that was detected.
  public var form: String?
  /// What was declared about its bars.
  public var declaration = BarDeclaration()
  /// What a person should know about it.
  public var notes: [String] = []
  public var refusal: Diagnosis?
  /// Bars of a name from a time when another company had it.
  var strangers = 0

  public init(path: String, status: Status) {
    self.path = path
    self.status = status
  }

  /// A file of which nothing was stored.
  init(_ item: ImportPlan.Item, refusal: Diagnosis) {
    self.init(path: item.place, status: .refused)
    self.refusal = refusal
    let named = LeanPath(FilePath.absolute(item.path))?.symbol
    if let symbol = named ?? ListedSymbol.capital(ofFile: FilePath.name(item.member ?? item.path)) {
      symbols = [symbol]
    }
  }
}

extension ImportOutcome {
  /// One line for a program.
  public var json: JSON {
    var value: JSON = [
      "path": .string(path), "symbol": JSON(symbols.count == 1 ? symbols[0].text : nil),
      "interval": JSON(interval?.description), "rows": JSON(rows),
      "first": JSON(span?.lowerBound.description), "last": JSON(span?.upperBound.description),
      "status": .string(status.rawValue),
    ]
    if let refusal {
      value.append("place", .string(refusal.place))
      value.append("reason", .string(refusal.finding))
      value.append("remedy", .string(refusal.remedy))
      return value
    }
    value.append("kind", .string(kind))
    if symbols.count != 1 { value.append("symbols", JSON(symbols.count)) }
    value.append("source", JSON(source))
    value.append("format", JSON(form))
    value.append("stamp", JSON(declaration.stamp?.rawValue))
    value.append("zone", JSON(declaration.zone))
    if let calendar = declaration.calendar { value.append("calendar", .string(calendar)) }
    value.append("adjustment", JSON(declaration.adjustment?.rawValue))
    value.append("added", JSON(counts.added))
    value.append("revised", JSON(counts.revised))
    value.append("notes", .array(notes.map(JSON.string)))
    return value
  }
}
