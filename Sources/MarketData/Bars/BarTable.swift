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
      frames.append(
        try checked(
          symbol: part.symbol, interval: times.interval, start: times.start, end: times.end,
          knownAt: times.end, numbers: part.numbers, path: path))
    }
    return frames
  }

  private func checked(
    symbol: Symbol, interval: BarInterval, start: Column<Int64>, end: Column<Int64>,
    knownAt: Column<Int64>, numbers: [Column<Double>], path: String
  ) throws(DataError) -> Frame {
    do {
      return try Frame(
        checking: symbol, interval: interval, start: start, end: end, knownAt: knownAt,
        columns: zip(names, numbers).map { (name: $0, values: .double($1)) })
    } catch {
      throw .disorder(path: path, error)
    }
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
    return zip(symbols, rows).compactMap { symbol, rows in
      rows.isEmpty
        ? nil
        : Part(
          symbol: symbol, stamps: Column(rows.map { stamps[$0] }),
          numbers: numbers.map { number in Column(rows.map { number[$0] }) })
    }
  }
}

extension BarTable {
  /// The only frame, with times that the file itself holds.
  func frame(
    symbol: Symbol, times: (start: Column<Int64>, knownAt: Column<Int64>),
    interval: BarInterval?, path: String
  ) throws(DataError) -> Frame {
    let length: BarInterval
    if let interval {
      length = interval
    } else {
      length = try BarTimes.interval(of: stamps, kind: .instant, path: path)
    }
    return try checked(
      symbol: symbols.first ?? symbol, interval: length, start: times.start, end: stamps,
      knownAt: times.knownAt, numbers: numbers, path: path)
  }

  /// Rows of one symbol run forward in time.
  func checkStampOrder(path: String) throws(DataError) {
    var last = [Int64](repeating: .min, count: max(1, symbols.count))
    for row in 0..<count {
      let code = symbols.count > 1 ? Int(codes[row]) : 0
      guard stamps[row] > last[code] else {
        throw .outOfOrder(
          place: "\(path) (row \(row + 1))", found: StampText.spelled(stamps[row], like: ":"),
          previous: StampText.spelled(last[code], like: ":"))
      }
      last[code] = stamps[row]
    }
  }
}
