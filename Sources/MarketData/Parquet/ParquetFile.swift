import Market
import Runtime

/// A Parquet file of bars.
public struct ParquetFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The bars, one frame a symbol, in the order in which symbols first appear.
  ///
  /// Columns of doubles without missing values share Arrow's memory.
  ///
  /// - Parameters:
  ///   - symbol: whose bars they are, where the file has no column that says so.
  ///   - wanted: the frame's columns to read; `nil` reads all that hold numbers. Open, high, low and
  ///     close are always read.
  public func frames(
    symbol: Symbol, columns wanted: Set<String>? = nil,
    options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> [Frame] {
    let file = try ParquetHandle(path: path)
    let plan = try ParquetPlan(file, columns: options.columns, wanted: wanted)
    guard file.rowCount > 0 else { throw .empty(path: path) }
    let batch = try file.read(groups: Array(0..<file.rowGroupCount), leaves: plan.leaves)
    let table = try plan.table(of: batch, path: path)
    if let times = table.times, table.symbols.count < 2 {
      do {
        return [
          try table.frame(
            symbol: symbol, times: times,
            interval: options.declaration.interval ?? plan.interval, path: path)
        ]
      } catch {
        // Bars in order have stamps in order, so that these are looked at only where bars are not.
        try table.checkStampOrder(path: path)
        throw error
      }
    }
    try table.checkStampOrder(path: path)
    var declaration = options.declaration
    // A file that says when its bars began was written with their ends as stamps.
    if plan.hasTimes { declaration.stamp = declaration.stamp ?? .end }
    return try table.frames(symbol: symbol, declaration: declaration, path: path)
  }
}

/// Which leaves of a Parquet file are read, and as what.
struct ParquetPlan {
  private(set) var layout: BarLayout
  /// The type of each field of `layout`.
  private let types: [ArrowType]
  /// The leaves to read, and which field of `layout` each is.
  private(set) var leaves: [Int] = []
  private var fieldOfLeaf: [Int] = []
  /// How long bars are, where Martinet wrote the file.
  let interval: BarInterval?
  private var startLeaf: Int?
  private var knownLeaf: Int?

  var hasTimes: Bool { startLeaf != nil && knownLeaf != nil }

  init(
    _ file: borrowing ParquetHandle, columns: [String: String], wanted: Set<String>?
  ) throws(DataError) {
    let schema = try file.schema()
    let fields = schema.fields
    interval = schema.metadata[ParquetMetadata.interval].flatMap {
      try? BarInterval(parsing: $0)  // Other programs may have left anything there.
    }
    types = fields.map(\.field.type)
    layout = try BarLayout(
      titles: fields.map(\.field.name), place: file.path, columns: columns,
      keepsTitles: interval != nil)
    var leaf = 0
    for (index, field) in fields.enumerated() {
      settle(index, type: field.field.type, wanted: wanted)
      if field.leafCount == 1, layout.fields[index].role != .ignored {
        leaves.append(leaf)
        fieldOfLeaf.append(index)
      } else if BarLayout.required.contains(layout.fields[index].name) {
        throw .parquet(
          path: file.path,
          message: "column \(Excerpt.quoted(layout.fields[index].title)) holds other columns")
      }
      leaf += field.leafCount
    }
    func position(_ title: String) -> Int? {
      fieldOfLeaf.firstIndex { layout.fields[$0].title == title && isTime($0) }
    }
    startLeaf = position("start")
    knownLeaf = position("known_at")
  }

  private func isTime(_ index: Int) -> Bool {
    if case .timestamp(_, hasZone: true) = types[index] { return true }
    return false
  }

  private mutating func settle(_ index: Int, type: ArrowType, wanted: Set<String>?) {
    let field = layout.fields[index]
    guard field.role == .number else { return }
    if ["start", "known_at"].contains(field.title), isTime(index) { return }
    let isWanted = BarLayout.required.contains(field.name) || wanted?.contains(field.name) ?? true
    // A price that is no number is kept here and refused with its name when its values are taken.
    if !isWanted || (!type.isNumber && !BarLayout.isPrice(field.name)) {
      layout.fields[index].role = .ignored
    }
  }

  /// When bars began and could first be acted on, where the file says.
  private func times(
    of batch: ArrowBatch, path: String
  ) throws(DataError) -> BarTable.Times? {
    guard let startLeaf, let knownLeaf,
      case .stamps(let start, _) = try values(startLeaf, of: batch, path: path),
      case .stamps(let known, _) = try values(knownLeaf, of: batch, path: path)
    else { return nil }
    return BarTable.Times(start: start, knownAt: known)
  }

  func table(of batch: ArrowBatch, path: String) throws(DataError) -> BarTable {
    var table = BarTable(
      kind: .instant, stamps: Column([]), symbols: [], codes: Column([]), names: [], numbers: [],
      ignored: layout.ignored)
    for position in fieldOfLeaf.indices where position != startLeaf && position != knownLeaf {
      let field = layout.fields[fieldOfLeaf[position]]
      switch (field.role, try values(position, of: batch, path: path)) {
      case (.stamp, .stamps(let stamps, let kind)):
        table.stamps = stamps
        table.kind = kind
      case (.symbol, .words(let words, let codes)):
        table.symbols = try words.map { word throws(DataError) in
          guard let listed = ListedSymbol(word) else {
            throw .badValue(place: path, column: field.title, text: word, expected: "a symbol")
          }
          return listed.symbol
        }
        table.codes = codes
      case (.number, .numbers(let numbers)):
        table.names.append(field.name)
        table.numbers.append(numbers)
      case (let role, _):
        throw .parquet(
          path: path,
          message: "column \(Excerpt.quoted(field.title)) holds "
            + "\(types[fieldOfLeaf[position]].description), not \(role.expectation)")
      }
    }
    table.times = try times(of: batch, path: path)
    return table
  }

  private func values(
    _ position: Int, of batch: ArrowBatch, path: String
  ) throws(DataError) -> ArrowValues {
    let field = layout.fields[fieldOfLeaf[position]]
    do {
      if field.role == .stamp, types[fieldOfLeaf[position]] == .int64 {
        return .stamps(try batch.epochs(position), .instant)
      }
      return try batch.values(position)
    } catch {
      let words =
        switch error {
        case .unsupported(let found): "holds \(found), which are not read"
        case .missing(let row): "has no value in row \(row + 1)"
        case .outOfRange(let row): "has a value out of range in row \(row + 1)"
        }
      throw .parquet(path: path, message: "column \(Excerpt.quoted(field.title)) \(words)")
    }
  }
}

extension BarLayout.Role {
  fileprivate var expectation: String {
    switch self {
    case .stamp, .timeOfDay, .millisecondOfDay: "times"
    case .symbol: "text"
    case .number, .ignored: "numbers"
    }
  }
}
