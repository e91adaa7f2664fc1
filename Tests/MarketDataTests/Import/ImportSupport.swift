import Foundation
import Market
import MarketData
import Runtime
import Synchronization
import Testing

/// A store that keeps what it is given in memory, and nothing for long.
final class MemoryStore: BarStore {
  struct State {
    var declarations: [SeriesKey: BarDeclaration] = [:]
    var bars: [SeriesKey: [Int64: Bar]] = [:]
    var actions: [CorporateAction] = []
    var records: [String: ImportRecord] = [:]
    var writes: [Int] = []
  }

  let address: StoreAddress
  let state = Mutex(State())

  init(kind: StoreAddress.Kind = .sqlite, location: String = "memory") {
    address = StoreAddress(kind: kind, location: location)
  }

  var declarations: [SeriesKey: BarDeclaration] { state.withLock { $0.declarations } }
  var actions: [CorporateAction] { state.withLock { $0.actions } }
  var writes: [Int] { state.withLock { $0.writes } }
  var barCount: Int { state.withLock { $0.bars.values.reduce(0) { $0 + $1.count } } }

  func bars(of key: SeriesKey) -> [Bar] {
    state.withLock { state in
      (state.bars[key] ?? [:]).values.sorted { $0.start < $1.start }
    }
  }

  func series() throws(StoreError) -> [SeriesSummary] {
    state.withLock { state in
      state.declarations.keys.sorted().map { key in
        SeriesSummary(
          key: key, declaration: state.declarations[key] ?? BarDeclaration(),
          barCount: state.bars[key]?.count ?? 0, revisedCount: 0, span: nil, recordedAt: nil)
      }
    }
  }

  func declare(_ key: SeriesKey, as declaration: BarDeclaration) throws(StoreError) {
    let known = state.withLock { state in
      defer { state.declarations[key] = declaration }
      return state.declarations[key]
    }
    if let known, known.stamp != declaration.stamp {
      throw .declaredOtherwise(
        series: key.description, what: "stamp", stored: known.stamp?.rawValue ?? "-",
        given: declaration.stamp?.rawValue ?? "-")
    }
  }

  func write(
    _ batch: BarBatch, to key: SeriesKey, recordedAt: Timestamp
  ) throws(StoreError) -> WriteCounts {
    state.withLock { state in
      var counts = WriteCounts()
      for row in 0..<batch.count {
        func figure(_ name: String) -> Double { batch[name]?[row] ?? .nan }
        let bar = Bar(
          start: Timestamp(nanoseconds: batch.start[row]),
          end: Timestamp(nanoseconds: batch.end[row]),
          knownAt: Timestamp(nanoseconds: batch.knownAt[row]), open: figure("open"),
          high: figure("high"), low: figure("low"), close: figure("close"),
          volume: figure("volume"))
        if state.bars[key, default: [:]].updateValue(bar, forKey: batch.start[row]) == nil {
          counts.added += 1
        } else {
          counts.revised += 1
        }
      }
      state.writes.append(batch.count)
      return counts
    }
  }

  func bars(_ query: BarQuery) throws(StoreError) -> StoredBars { throw unused }
  func history(
    of key: SeriesKey, starts: Range<Timestamp>?
  ) throws(StoreError) -> StoredBars { throw unused }
  func recordedActions(of symbol: Symbol?) throws(StoreError) -> [RecordedAction] { throw unused }
  func adopt(_ history: StoredBars, to key: SeriesKey) throws(StoreError) { throw unused }
  func adopt(_ actions: [RecordedAction]) throws(StoreError) { throw unused }

  private var unused: StoreError {
    .failed(store: "memory", doing: "reading", reason: "no test asks for it")
  }

  func write(
    _ actions: [CorporateAction], source: String, recordedAt: Timestamp
  ) throws(StoreError) {
    state.withLock { state in
      state.actions += actions.filter { !state.actions.contains($0) }
    }
  }

  func importRecord(hash: String) throws(StoreError) -> ImportRecord? {
    state.withLock { $0.records[hash] }
  }

  func remember(_ record: ImportRecord) throws(StoreError) {
    state.withLock { $0.records[record.hash] = record }
  }
}

/// What becomes of files and folders that are imported into `store`.
func imported(
  _ paths: [String], into store: any BarStore, options: ImportOptions = ImportOptions()
) throws -> [ImportOutcome] {
  let plan = try ImportPlan(paths: paths)
  let files = FileImport(into: store, options: options)
  return try plan.items.map { try files.run($0, isOnly: plan.items.count == 1) }
}

/// Options that declare everything.
func declared(
  _ stamp: BarDeclaration.Stamp?, _ zone: String?, _ adjustment: BarDeclaration.Adjustment,
  columns: [String: String] = [:]
) -> ImportOptions {
  ImportOptions(
    declaration: BarDeclaration(stamp: stamp, zone: zone, adjustment: adjustment),
    columns: columns)
}
