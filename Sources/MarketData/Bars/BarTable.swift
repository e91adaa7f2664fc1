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
  /// When bars began and could first be acted on, where the file itself says so; stamps are ends.
  var times: BarTable.Times?

  /// Two columns as long as the table.
  struct Times {
    var start: Column<Int64>
    var knownAt: Column<Int64>
  }

  var count: Int { stamps.count }

  /// A frame a symbol, in the order in which symbols first appear.
  func frames(
    symbol: Symbol, declaration: BarDeclaration, path: String
  ) throws(DataError) -> [Frame] {
    var frames: [Frame] = []
    for part in bySymbol(default: symbol) {
      var timing = try BarTiming(
        stamps: part.stamps, kind: kind, declaration: declaration.completed(for: part.symbol),
        path: path)
      let (start, end) = try timing.times(of: part.stamps)
      frames.append(
        try checked(
          symbol: part.symbol, interval: timing.interval, start: start, end: end, knownAt: end,
          numbers: part.numbers, path: path))
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

  /// The rows of one symbol.
  struct Part {
    var symbol: Symbol
    var stamps: Column<Int64>
    var numbers: [Column<Double>]
    var times: Times?
  }

  /// The rows of each symbol by themselves; without copying where there is one symbol.
  func bySymbol(default symbol: Symbol) -> [Part] {
    guard symbols.count > 1 else {
      return [
        Part(symbol: symbols.first ?? symbol, stamps: stamps, numbers: numbers, times: times)
      ]
    }
    var rows = [[Int]](repeating: [], count: symbols.count)
    for row in 0..<count { rows[Int(codes[row])].append(row) }
    return zip(symbols, rows).compactMap { symbol, rows in
      func chosen<Element>(_ column: Column<Element>) -> Column<Element> {
        Column(count: rows.count) { out in
          for (index, row) in rows.enumerated() { out[index] = column[row] }
        }
      }
      return rows.isEmpty
        ? nil
        : Part(
          symbol: symbol, stamps: chosen(stamps), numbers: numbers.map(chosen),
          times: times.map { Times(start: chosen($0.start), knownAt: chosen($0.knownAt)) })
    }
  }
}

extension BarTable {
  /// The only frame, with times that the file itself holds.
  func frame(
    symbol: Symbol, times: Times, interval: BarInterval?, path: String
  ) throws(DataError) -> Frame {
    let length: BarInterval
    if let interval {
      length = interval
    } else {
      length = try BarTiming.interval(of: stamps, kind: .instant, path: path)
    }
    return try checked(
      symbol: symbols.first ?? symbol, interval: length, start: times.start, end: stamps,
      knownAt: times.knownAt, numbers: numbers, path: path)
  }

  /// Rows of one symbol run forward in time.
  func checkStampOrder(path: String) throws(DataError) {
    if symbols.count < 2, stamps.isAscending { return }
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

extension Column where Element == Int64 {
  /// Whether each value is greater than the one before.
  fileprivate var isAscending: Bool {
    withUnsafeValues { values in
      // Counted rather than left at the first, so that whole registers are compared.
      var disorders = 0
      for row in 1..<Swift.max(1, values.count) {
        disorders &+= values[row] <= values[row - 1] ? 1 : 0
      }
      return disorders == 0
    }
  }
}
