import Market
import Runtime

/// A file of bars as a source: CSV, packed or not, or Parquet.
public struct BarFileSource: BarSource {
  public let path: String
  public let declaration: BarDeclaration
  private let symbol: Symbol?
  private let options: ReadingOptions

  /// Reads as much of the file as it takes to settle what its bars are.
  ///
  /// - Parameter symbol: whose bars they are, where neither a column nor the file's name says so.
  public init(
    path: String, symbol: Symbol? = nil, options: ReadingOptions = ReadingOptions()
  ) throws(DataError) {
    self.path = path
    self.symbol = symbol
    self.options = options
    declaration = try BarFileReader(path: path, symbol: symbol, options: options).declaration
  }

  public func bars(_ request: BarRequest) -> BarStream {
    BarPuller.stream(of: request) { [self] in
      try BarFileReader(path: path, symbol: symbol, options: options)
    }
  }

  /// Splits and dividends that stand in columns of their own beside the bars.
  public func actions(of symbol: Symbol, days: TimeRange) async throws -> [CorporateAction] {
    let reader = try BarFileReader(path: path, symbol: self.symbol, options: options)
    let zone = try Zone(named: declaration.zone ?? Zone.utc.name)
    var actions: [CorporateAction] = []
    while let batches = try reader.next() {
      for batch in batches where batch.symbol == symbol {
        actions += batch.actions(in: zone).filter { days.contains($0.date) }
      }
    }
    return actions
  }
}

/// Reads batches when they are asked for and not before.
actor BarPuller {
  private let open: @Sendable () throws -> BarFileReader
  private let request: BarRequest
  private var reader: BarFileReader?
  private var waiting: [BarBatch] = []

  private init(_ request: BarRequest, open: @escaping @Sendable () throws -> BarFileReader) {
    self.request = request
    self.open = open
  }

  /// The bars asked for of the file that `open` opens.
  static func stream(
    of request: BarRequest, open: @escaping @Sendable () throws -> BarFileReader
  ) -> BarStream {
    let puller = BarPuller(request, open: open)
    return BarStream { try await puller.next() }
  }

  private func next() throws -> BarBatch? {
    while true {
      while !waiting.isEmpty {
        let batch = waiting.removeFirst()
        if batch.count > 0 { return batch }
      }
      let reader = try reader ?? open()
      self.reader = reader
      guard reader.interval == request.interval else {
        throw DataError.badDeclaration(
          place: reader.path, finding: "has bars of \(reader.interval), not of \(request.interval)",
          remedy: "ask for that interval, and make coarser bars with: martinet data aggregate")
      }
      guard let batches = try reader.next() else { return nil }
      let zone = try Zone(named: reader.declaration.zone ?? Zone.utc.name)
      waiting = batches.filter { $0.symbol == request.symbol }.map { batch in
        request.days == .all
          ? batch
          : batch.rows {
            request.days.contains(zone.date(at: Timestamp(nanoseconds: batch.start[$0])))
          }
      }
    }
  }
}

extension BarBatch {
  /// The rows for which `isWanted` holds, in their order.
  func rows(_ isWanted: (Int) -> Bool) -> BarBatch {
    let wanted = (0..<count).filter(isWanted)
    guard wanted.count < count else { return self }
    func chosen<Element>(_ column: Column<Element>) -> Column<Element> {
      Column(count: wanted.count) { out in
        for (index, row) in wanted.enumerated() { out[index] = column[row] }
      }
    }
    return BarBatch(
      symbol: symbol, interval: interval, start: chosen(start), end: chosen(end),
      knownAt: chosen(knownAt), columns: columns.map { (name: $0.name, values: chosen($0.values)) })
  }

  /// What the columns `dividends` and `stock_splits` say, known when their session opens.
  func actions(in zone: Zone) -> [CorporateAction] {
    var actions: [CorporateAction] = []
    for row in 0..<count {
      let opening = Timestamp(nanoseconds: start[row])
      func add(_ kind: CorporateAction.Kind) {
        actions.append(
          CorporateAction(
            symbol: symbol, date: zone.date(at: opening), knownAt: opening, kind: kind))
      }
      if let amount = self["dividends"]?[row], amount > 0 { add(.dividend(amount: amount)) }
      if let ratio = self["stock_splits"]?[row], ratio > 0, ratio != 1 { add(.split(ratio: ratio)) }
    }
    return actions
  }
}
