import Foundation
import Market
import Runtime

/// Takes files into a store, one after the other: each whole or not at all.
public struct FileImport: Sendable {
  private let store: any BarStore
  private let options: ImportOptions
  private let time: any TimeSource
  private let books = LeanNameBooks()

  public init(
    into store: any BarStore, options: ImportOptions, time: any TimeSource = SystemTime()
  ) {
    self.store = store
    self.options = options
    self.time = time
  }

  /// Imports one file. What is wrong with the file is in the outcome; only a store that fails
  /// throws.
  ///
  /// - Parameter isOnly: whether it is the only file, so that the only symbol given names its bars.
  public func run(_ item: ImportPlan.Item, isOnly: Bool = false) throws -> ImportOutcome {
    do {
      return try outcome(item, isOnly: isOnly)
    } catch let error as StoreError {
      guard case .declaredOtherwise = error else { throw error }
      return ImportOutcome(item, refusal: error.diagnosis)
    } catch {
      return ImportOutcome(item, refusal: Diagnosis(describing: error, place: item.place))
    }
  }

  private func outcome(_ item: ImportPlan.Item, isOnly: Bool) throws -> ImportOutcome {
    let job = try ImportJob(item, options: options, isOnly: isOnly, books: books)
    let hash = try job.hash()
    if let known = try store.importRecord(hash: hash) { return try unchanged(known, job) }
    let outcome: ImportOutcome
    switch job.content {
    case .ticks(let ticks): outcome = try importTicks(ticks, job)
    case .actions(let read): outcome = try importActions(read(), job)
    case .bars: outcome = try importBars(job)
    }
    if outcome.status == .imported {
      try store.remember(
        ImportRecord(hash: hash, path: item.place, rowCount: outcome.rows, recordedAt: time.now))
    }
    return outcome
  }

  /// Short files are read again to say what they hold; of long ones the store knows the end.
  private func unchanged(_ known: ImportRecord, _ job: ImportJob) throws -> ImportOutcome {
    var outcome = try job.described(rows: known.rowCount)
    guard outcome.rows < known.rowCount else { return outcome }
    outcome.rows = known.rowCount
    let ends = try store.series().filter { summary in
      outcome.symbols.contains(summary.key.symbol) && summary.key.source == outcome.source
        && summary.key.interval == outcome.interval
    }.compactMap { $0.span?.upperBound }
    if let start = outcome.span?.lowerBound, let end = ends.max(), start < end {
      outcome.span = start..<end
    }
    return outcome
  }

  /// Bars are gathered before any is written: of a file that turns out to be damaged nothing is.
  /// One too long for that is read to its end first and then once more.
  private func importBars(_ job: ImportJob) throws -> ImportOutcome {
    var reader = try job.reader()
    var gatherer = BatchGatherer()
    var outcome = ImportOutcome(path: job.item.place, status: .imported)
    var isWhole = true
    while let batches = try reader.next() {
      for batch in job.wanted(batches) { gatherer.add(batch) }
      if gatherer.isFull {
        isWhole = false
        break
      }
    }
    if !isWhole {
      while try reader.next() != nil {}
      reader = try job.reader()
      gatherer = BatchGatherer()
      while let batches = try reader.next() {
        for batch in job.wanted(batches) { gatherer.add(batch) }
        if gatherer.isFull { try write(&gatherer, reader, job, &outcome) }
      }
    }
    try write(&gatherer, reader, job, &outcome)
    try job.describe(reader, in: &outcome)
    if outcome.rows == 0 { outcome.status = .skipped }
    try writeActions(job, &outcome)
    return outcome
  }

  /// Splits and dividends from the files beside bars of LEAN's, for these may be imported without
  /// them. Files that cannot be read keep no bars out.
  private func writeActions(_ job: ImportJob, _ outcome: inout ImportOutcome) throws {
    guard let market = job.marketFolder else { return }
    for symbol in outcome.symbols where books.meets(symbol, of: market) {
      let actions: [CorporateAction]
      do throws(DataError) {
        actions = try LeanActions.all(of: symbol, marketFolder: market)
      } catch {
        outcome.notes.append(
          "splits and dividends of \(symbol) are not known: \(error.diagnosis.place) "
            + error.diagnosis.finding)
        continue
      }
      guard !actions.isEmpty else { continue }
      try store.write(actions, source: "lean", recordedAt: time.now)
    }
  }

  private func write(
    _ gatherer: inout BatchGatherer, _ reader: BarFileReader, _ job: ImportJob,
    _ outcome: inout ImportOutcome
  ) throws {
    let source = job.source(of: reader.declaration)
    var declaration = reader.declaration
    declaration.source = source
    for batch in gatherer.takeAll() {
      let key = SeriesKey(symbol: batch.symbol, interval: batch.interval, source: source)
      if !outcome.symbols.contains(batch.symbol) {
        try store.declare(key, as: declaration)
        outcome.symbols.append(batch.symbol)
      }
      outcome.strangers += job.strangerCount(batch)
      outcome.counts =
        outcome.counts
        + (try store.write(batch, to: key, recordedAt: time.now))
      outcome.add(batch)
    }
  }

  private func importActions(_ actions: [CorporateAction], _ job: ImportJob) throws
    -> ImportOutcome
  {
    var outcome = ImportOutcome(path: job.item.place, status: .imported)
    outcome.kind = "actions"
    outcome.source = "lean"
    outcome.rows = actions.count
    outcome.symbols = Array(Set(actions.map(\.symbol))).sorted()
    if let first = actions.map(\.knownAt).min(), let last = actions.map(\.knownAt).max() {
      outcome.span = first..<last
    }
    try store.write(actions, source: "lean", recordedAt: time.now)
    return outcome
  }

  private func importTicks(_ ticks: TickFile, _ job: ImportJob) throws -> ImportOutcome {
    guard store.address.kind == .lake else {
      throw DataError.badDeclaration(
        place: job.item.place,
        finding: "holds \(ticks.contents), which a store of bars such as "
          + "\(store.address.kind.rawValue) does not keep",
        remedy: "import them into a lake of Parquet files: --to lake:FOLDER")
    }
    return try ticks.importing(
      into: TickLake(folder: store.address.location), job.item.place,
      source: options.declaration.source)
  }
}

extension ImportOutcome {
  mutating func add(_ batch: BarBatch) {
    rows += batch.count
    guard let first = batch.start.min(), let last = batch.end.max() else { return }
    let low = min(first, span?.lowerBound.nanoseconds ?? first)
    let high = max(last, span?.upperBound.nanoseconds ?? last)
    span = Timestamp(nanoseconds: low)..<Timestamp(nanoseconds: max(low, high))
  }
}
