import Glibc
import Market
import Runtime

/// Bars in a folder of Parquet files that other programs can read:
/// `bars/source=…/interval=…/symbol=…/month=…/part-0.parquet`, each bar as it is now. Versions that
/// were replaced lie in the same order under `versions/`; what is not Parquet begins with `_`.
///
/// A month is one file, replaced whole when one of its bars changes.
final class Lake: BarStore {
  let address: StoreAddress
  let root: String
  private static let marker = "LAKE"
  private static let title = "martinet lake"
  private static let schema = 1

  init(_ address: StoreAddress, creating: Bool) throws(StoreError) {
    self.address = address
    let location = address.location
    root = location.count > 1 && location.hasSuffix("/") ? String(location.dropLast()) : location
    try use(doing: "opening it") { try prepare(creating: creating) }
  }

  private func prepare(creating: Bool) throws {
    let marker = root + "/" + Self.marker
    if access(marker, F_OK) == 0 {
      let text = String(decoding: try SmallFile.read(marker, bytesMax: 4096), as: UTF8.self)
      let words = text.split(whereSeparator: \.isWhitespace)
      guard text.hasPrefix(Self.title), let found = words.last.flatMap({ Int($0) }) else {
        throw StoreError.foreign(
          store: address.description, finding: "its file LAKE is another program's")
      }
      guard found <= Self.schema else {
        throw StoreError.newerSchema(
          store: address.description, found: found, known: Self.schema)
      }
      return
    }
    guard creating else {
      throw StoreError.unreachable(
        store: address.description,
        reason: access(root, F_OK) == 0 ? "the folder is no lake" : "there is no such folder")
    }
    // Whoever died in his first instant left an unfinished marker.
    guard
      try Files.names(in: root).allSatisfy({ AtomicFile.isRemnant($0, of: Self.marker) })
    else {
      throw StoreError.foreign(
        store: address.description, finding: "the folder has other things in it")
    }
    try Folder.make(root)
    try AtomicFile.write("\(Self.title) \(Self.schema)\n", to: marker)
  }

  /// Runs `body`, and says what went wrong in words of this store.
  func use<Result>(doing: String, _ body: () throws -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch let error as FileError {
      if case .diskFull = error { throw .diskFull(store: address.description) }
      let diagnosis = error.diagnosis
      throw .failed(
        store: address.description, doing: doing,
        reason: "\(diagnosis.place): \(diagnosis.finding)")
    } catch DataError.parquet(let path, let message) {
      if DataError.isDiskFull(message) { throw .diskFull(store: address.description) }
      throw .damaged(store: address.description, finding: "\(path): \(message)")
    } catch {
      throw StoreError(error, store: address, doing: doing)
    }
  }

  func series() throws(StoreError) -> [SeriesSummary] {
    try use(doing: "listing series") {
      try keys().compactMap { try LakeSeries(self, $0).manifest()?.summary($0) }
    }
  }

  private func keys() throws -> [SeriesKey] {
    var keys: [SeriesKey] = []
    let bars = root + "/bars"
    for source in try values("source", in: bars) {
      let folder = "\(bars)/source=\(LakePath.escaped(source))"
      for word in try values("interval", in: folder) {
        guard let interval = try? BarInterval(parsing: word) else { continue }  // not ours
        for name in try values("symbol", in: "\(folder)/interval=\(LakePath.escaped(word))") {
          guard let symbol = Symbol(name) else { continue }
          keys.append(SeriesKey(symbol: symbol, interval: interval, source: source))
        }
      }
    }
    return keys.sorted()
  }

  /// What the folders called `name=…` say.
  private func values(_ name: String, in folder: String) throws -> [String] {
    try Files.names(in: folder).compactMap { entry in
      entry.hasPrefix(name + "=")
        ? LakePath.unescaped(String(entry.dropFirst(name.utf8.count + 1))) : nil
    }
  }

  func declare(_ key: SeriesKey, as declaration: BarDeclaration) throws(StoreError) {
    try use(doing: "declaring \(key)") { try LakeSeries(self, key).declare(declaration) }
  }

  func write(
    _ batch: BarBatch, to key: SeriesKey, recordedAt: Timestamp
  ) throws(StoreError) -> WriteCounts {
    let delivery = batch.inOrder()
    guard delivery.count > 0 else { return WriteCounts() }
    return try use(doing: "writing bars of \(key)") {
      try require(key).write(delivery, recordedAt: recordedAt)
    }
  }

  func adopt(_ history: StoredBars, to key: SeriesKey) throws(StoreError) {
    guard history.count > 0 else { return }
    try use(doing: "taking over bars of \(key)") { try require(key).adopt(history) }
  }

  func bars(_ query: BarQuery) throws(StoreError) -> StoredBars {
    try use(doing: "reading \(query.key)") {
      let (first, last) = BarQuery.bounds(query.starts)
      return try require(query.key).bars(first: first, last: last, query.knowledge)
    }
  }

  func history(
    of key: SeriesKey, starts: Range<Timestamp>?
  ) throws(StoreError) -> StoredBars {
    try use(doing: "reading the versions of \(key)") {
      let (first, last) = BarQuery.bounds(starts)
      return try require(key).history(first: first, last: last)
    }
  }

  private func require(_ key: SeriesKey) throws -> LakeSeries {
    let series = LakeSeries(self, key)
    if access(series.manifestPath, F_OK) == 0 { return series }
    throw StoreError.unknown(key, store: address, known: try keys())
  }
}
