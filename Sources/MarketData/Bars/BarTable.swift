import Market
import Runtime

/// The rows of a file as columns, before anyone said what its stamps mean.
struct BarTable {
  var kind: StampText.Kind
  var stamps: Column<Int64>
  /// Empty where the file has no column of symbols.
  var symbols: [Symbol]
  /// Which of `symbols` each row belongs to; empty where there are fewer than two.
  var codes: Column<Int32>
  var names: [String]
  var numbers: [Column<Double>]
  /// Titles of columns that were left out, because they hold no numbers.
  var ignored: [String]

  var count: Int { stamps.count }

  /// A frame a symbol, in the order in which symbols first appear.
  func frames(
    symbol: Symbol, declaration: BarDeclaration, path: String
  ) throws(DataError) -> [Frame] {
    var frames: [Frame] = []
    for part in bySymbol(default: symbol) {
      let times = try BarTimes(
        stamps: part.stamps, kind: kind, declaration: declaration, path: path)
      var frame = Frame(
        symbol: part.symbol, interval: times.interval, start: times.start, end: times.end,
        knownAt: times.end, columns: [:])
      for (name, column) in zip(names, part.numbers) { frame = frame.adding(column, as: name) }
      frames.append(frame)
    }
    return frames
  }

  private struct Part {
    var symbol: Symbol
    var stamps: Column<Int64>
    var numbers: [Column<Double>]
  }

  /// The rows of each symbol by themselves; without copying where there is one symbol.
  private func bySymbol(default symbol: Symbol) -> [Part] {
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
