import Market
import Numerics

/// The columns of a CSV file while its rows come in.
struct CSVRows {
  private let stamps: ColumnBuilder<Int64>
  private let codes: ColumnBuilder<Int32>
  private let numbers: [ColumnBuilder<Double>]

  init(layout: BarLayout, capacity: Int) {
    stamps = ColumnBuilder(capacity: capacity)
    codes = ColumnBuilder(capacity: capacity)
    numbers = layout.numberNames.map { _ in ColumnBuilder(capacity: capacity) }
  }

  var count: Int { stamps.count }

  /// Reads the rows of a block; returns how many lines it has.
  mutating func append(
    _ block: UnsafeBufferPointer<UInt8>, with scanner: inout RowScanner
  ) throws(ScanFailure) -> Int {
    let parts = LineParts(block, on: .shared)
    let lines = parts.lineCount
    guard lines > 0, let stampTail = stamps.tail(reserving: lines).baseAddress,
      let codeTail = codes.tail(reserving: lines).baseAddress
    else { return lines }
    let numberTails = numbers.compactMap { $0.tail(reserving: lines).baseAddress }
    let sink = RowSink(stamps: stampTail, codes: codeTail, numbers: numberTails)
    // Whatever is unusual about a block is left to one thread, which says what and where.
    let count =
      scanner.scan(parts, into: sink, on: .shared) ? lines : try scanner.scan(block, into: sink)
    stamps.advance(by: count)
    codes.advance(by: count)
    for number in numbers { number.advance(by: count) }
    return lines
  }

  /// The rows as a table, which takes their memory over.
  func table(layout: BarLayout, kind: StampText.Kind, symbols: [Symbol]) -> BarTable {
    let hasTime = layout.fields.contains { $0.role == .timeOfDay }
    return BarTable(
      kind: kind == .date && hasTime ? .local : kind, stamps: stamps.column(), symbols: symbols,
      codes: symbols.count > 1 ? codes.column() : Column([]), names: layout.numberNames,
      numbers: numbers.map { $0.column() }, ignored: layout.ignored)
  }
}

/// A block of lines cut into parts of whole lines, one for each thread that it pays for.
struct LineParts {
  struct Part {
    var text: UnsafeBufferPointer<UInt8>
    /// How many lines of the block stand before it, and how many it has.
    var firstLine = 0
    var lineCount = 0
  }

  private(set) var parts: [Part] = []
  private(set) var lineCount = 0

  /// - Parameter block: lines, each closed by a line feed.
  init(_ block: UnsafeBufferPointer<UInt8>, on pool: Pool) {
    let partition = pool.partition(of: block.count, minimumChunk: 64 << 10)
    var start = 0
    for part in 0..<partition.parts {
      let end = block[max(start, partition[part].upperBound - 1)...].firstIndex(of: 0x0a)
      let text = block[start..<(end.map { $0 + 1 } ?? block.count)]
      parts.append(Part(text: UnsafeBufferPointer(rebasing: text)))
      start = text.endIndex
    }
    parts.withUnsafeMutableBufferPointer { parts in
      pool.forEachChunk(of: parts.count) { chunk in
        for part in chunk { parts[part].lineCount = LineBlocks.lineCount(parts[part].text) }
      }
    }
    for part in parts.indices {
      parts[part].firstLine = lineCount
      lineCount += parts[part].lineCount
    }
  }
}
