import Market
import Runtime

/// How a file of bars is to be read, where it does not say so itself.
public struct ReadingOptions: Sendable {
  /// What is declared about the bars; it goes before what the file's folder declares.
  public var declaration: BarDeclaration
  /// The frame's column name to the file's, for files that call them otherwise.
  public var columns: [String: String]

  public init(declaration: BarDeclaration = BarDeclaration(), columns: [String: String] = [:]) {
    self.declaration = declaration
    self.columns = columns
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
      FileText.open(path), path: path, columns: options.columns, order: .forward)
    return try reader.table().frames(symbol: symbol, declaration: options.declaration, path: path)
  }
}
