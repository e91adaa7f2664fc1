import Market

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

  mutating func append(
    _ block: UnsafeBufferPointer<UInt8>, with scanner: inout RowScanner
  ) throws(ScanFailure) {
    let lines = LineBlocks.lineCount(block)
    guard lines > 0, let stampTail = stamps.tail(reserving: lines).baseAddress,
      let codeTail = codes.tail(reserving: lines).baseAddress
    else { return }
    let numberTails = numbers.compactMap { $0.tail(reserving: lines).baseAddress }
    let sink = RowSink(stamps: stampTail, codes: codeTail, numbers: numberTails)
    let count = try scanner.scan(block, into: sink)
    stamps.advance(by: count)
    codes.advance(by: count)
    for number in numbers { number.advance(by: count) }
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
