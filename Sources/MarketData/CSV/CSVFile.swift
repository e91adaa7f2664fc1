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
    let table = try CSVReader(path: path, columns: options.columns).table()
    var frames: [Frame] = []
    for part in table.bySymbol(default: symbol) {
      let times = try BarTimes(
        stamps: part.stamps, kind: table.kind, declaration: options.declaration, path: path)
      var frame = Frame(
        symbol: part.symbol, interval: times.interval, start: times.start, end: times.end,
        knownAt: times.end, columns: [:])
      for (name, column) in zip(table.names, part.numbers) {
        frame = frame.adding(column, as: name)
      }
      frames.append(frame)
    }
    return frames
  }
}

extension CSVTable {
  struct Part {
    var symbol: Symbol
    var stamps: Column<Int64>
    var numbers: [Column<Double>]
  }

  /// The rows of each symbol by themselves; without copying where there is one symbol.
  func bySymbol(default symbol: Symbol) -> [Part] {
    guard symbols.count > 1 else {
      return [Part(symbol: symbols.first ?? symbol, stamps: stamps, numbers: numbers)]
    }
    var rows = [[Int]](repeating: [], count: symbols.count)
    for row in 0..<count { rows[Int(codes[row])].append(row) }
    return zip(symbols, rows).map { symbol, rows in
      Part(
        symbol: symbol, stamps: Column(rows.map { stamps[$0] }),
        numbers: numbers.map { number in Column(rows.map { number[$0] }) })
    }
  }
}
