import Market

/// Puts the batches of a file together, symbol by symbol, until there are enough rows to write: a
/// store takes many rows at once far faster than few.
struct BatchGatherer {
  /// Forty megabytes: half a million bars of seven columns.
  static let valuesMax = 5 << 20

  private var batches: [Symbol: [BarBatch]] = [:]
  /// Symbols in the order in which they came.
  private var order: [Symbol] = []
  private var valueCount = 0

  var isFull: Bool { valueCount >= Self.valuesMax }

  mutating func add(_ batch: BarBatch) {
    if batches[batch.symbol] == nil { order.append(batch.symbol) }
    batches[batch.symbol, default: []].append(batch)
    valueCount += batch.count * (batch.columns.count + 3)
  }

  /// One batch a symbol, and nothing left here.
  mutating func takeAll() -> [BarBatch] {
    let joined = order.compactMap { batches[$0].flatMap(BarBatch.init(joining:)) }
    self = BatchGatherer()
    return joined
  }
}

extension BarBatch {
  /// The rows of batches of one symbol that have the same columns, one after the other; `nil` for
  /// none.
  init?(joining batches: [BarBatch]) {
    guard let first = batches.first else { return nil }
    guard batches.count > 1 else {
      self = first
      return
    }
    func joined<Element>(_ columns: [Column<Element>]) -> Column<Element> {
      Column(count: columns.reduce(0) { $0 + $1.count }) { out in
        var filled = 0
        for column in columns {
          column.withUnsafeValues { values in
            let rest = UnsafeMutableBufferPointer(rebasing: out[filled...])
            _ = rest.initialize(fromContentsOf: values)
          }
          filled += column.count
        }
      }
    }
    self.init(
      symbol: first.symbol, interval: first.interval, start: joined(batches.map(\.start)),
      end: joined(batches.map(\.end)), knownAt: joined(batches.map(\.knownAt)),
      columns: first.columns.indices.map { index in
        (name: first.columns[index].name, values: joined(batches.map { $0.columns[index].values }))
      })
  }
}
