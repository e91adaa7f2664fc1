import Market
import Runtime

/// How a file of bars is to be read, where it does not say so itself.
public struct ReadingOptions: Sendable {
  /// What is declared about the bars; it goes before what the file's folder declares.
  public var declaration: BarDeclaration
  /// The frame's column name to the file's, for files that call them otherwise.
  public var columns: [String: String]
  /// How a text is cut into fields and its times are written; what is left open is detected.
  public var text: TextOptions

  public init(
    declaration: BarDeclaration = BarDeclaration(), columns: [String: String] = [:],
    text: TextOptions = TextOptions()
  ) {
    self.declaration = declaration
    self.columns = columns
    self.text = text
  }
}

/// How a text file is written, where a person says so.
public struct TextOptions: Hashable, Sendable {
  /// What stands between fields; an ASCII character.
  public var delimiter: UInt8?
  /// The names of the columns, for a file whose first line holds values already.
  public var titles: [String]
  public var stamps: StampPattern?

  public init(delimiter: UInt8? = nil, titles: [String] = [], stamps: StampPattern? = nil) {
    self.delimiter = delimiter
    self.titles = titles
    self.stamps = stamps
  }
}

/// A CSV file of bars.
public struct CSVFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The bars, one frame a symbol, in the order in which symbols first appear.
  ///
  /// - Parameter symbol: whose bars they are, where the file has no column that says so.
  public func frames(
    symbol: Symbol, options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> [Frame] {
    var reader = try CSVReader(
      FileText.open(path), path: path, options: options, order: .forward)
    let table = try reader.table()
    let own = FormatDeclaration.of(
      titles: reader.layout.fields.map(\.title), kind: table.kind,
      symbol: table.symbols.first ?? symbol, exchanges: reader.exchanges)
    return try table.frames(
      symbol: symbol, declaration: own.withoutInterval.overlaid(with: options.declaration),
      path: path)
  }
}
