import Glibc
import Market
import Numerics
import Runtime

/// One series of a lake: its folder, its months and how they change.
struct LakeSeries {
  private let key: SeriesKey
  private let root: String
  /// Seen from the root, under `bars` and `versions`.
  private let place: String
  private let folder: LakeFolder

  init(_ lake: Lake, _ key: SeriesKey) {
    self.key = key
    root = lake.root
    place =
      "source=\(LakePath.escaped(key.source))/interval=\(LakePath.escaped(key.interval.description))"
      + "/symbol=\(LakePath.escaped(key.symbol.text))"
    folder = LakeFolder(path: "\(root)/bars/\(place)")
  }

  var manifestPath: String { folder.path + "/_series" }

  private func part(_ month: String, versions: Bool = false) -> LakePart {
    LakePart(path: root + "/" + partName(month, versions: versions), key: key)
  }

  private func partName(_ month: String, versions: Bool) -> String {
    "\(versions ? "versions" : "bars")/\(place)/month=\(month)/part-0.parquet"
  }

  /// `nil` where the series was not declared.
  func manifest() throws -> LakeManifest? {
    guard access(manifestPath, F_OK) == 0 else { return nil }
    return try folder.reading(root: root) { try readManifest() }
  }

  private func readManifest() throws -> LakeManifest {
    let text = String(decoding: try SmallFile.read(manifestPath, bytesMax: 1 << 26), as: UTF8.self)
    guard let manifest = LakeManifest(text: text, key: key) else {
      throw StrangeRow(finding: "\(manifestPath) is not what this program writes")
    }
    return manifest
  }

  func declare(_ declaration: BarDeclaration) throws {
    try Folder.make(folder.path)
    try folder.writing(root: root) {
      var manifest =
        access(manifestPath, F_OK) == 0
        ? try readManifest() : LakeManifest(declaration: BarDeclaration())
      manifest.declaration = try manifest.declaration.settled(by: declaration, of: key)
      try AtomicFile.write(manifest.text, to: manifestPath)
    }
  }
}

// Reading.
extension LakeSeries {
  func bars(first: Int64, last: Int64, _ knowledge: Knowledge) throws -> StoredBars {
    try folder.reading(root: root) {
      try gather(first: first, last: last) { month throws(DataError) in
        let now = try part(month.name).read(first: first, last: last).stored
        guard case .asOf(let instant) = knowledge else { return now }
        return try asOf(instant.nanoseconds, month, now, first: first, last: last)
      }
    }
  }

  private func asOf(
    _ instant: Int64, _ month: LakeManifest.Month, _ now: StoredBars, first: Int64, last: Int64
  ) throws(DataError) -> StoredBars {
    let current =
      now.recordedAt.contains { $0 > instant }
      ? now.taking((0..<now.count).filter { now.recordedAt[$0] <= instant }) : now
    guard month.versionCount > 0 else { return current }
    let (old, until) = try part(month.name, versions: true).read(first: first, last: last)
    let then = (0..<old.count).filter { row in
      old.recordedAt[row] <= instant && instant < (until?[row] ?? .min)
    }
    if then.isEmpty { return current }
    return StoredBars.joined([current, old.taking(then)], key).sorted()
  }

  func history(first: Int64, last: Int64) throws -> StoredBars {
    try folder.reading(root: root) {
      try gather(first: first, last: last) { month throws(DataError) in
        let now = try part(month.name).read(first: first, last: last).stored
        guard month.versionCount > 0 else { return now }
        let old = try part(month.name, versions: true).read(first: first, last: last).stored
        return StoredBars.joined([now, old], key).sorted()
      }
    }
  }

  /// The months that have bars between two starts, read side by side.
  private func gather(
    first: Int64, last: Int64,
    _ read: (LakeManifest.Month) throws(DataError) -> StoredBars
  ) throws -> StoredBars {
    let months = try readManifest().months.filter { $0.lastStart >= first && $0.firstStart <= last }
    return .joined(
      try Self.sideBySide(months) { month throws(DataError) in try read(month) }, key)
  }

  /// The results in order, each worked out on any thread of the pool.
  fileprivate static func sideBySide<Item, Result>(
    _ items: [Item], _ work: (Item) throws(DataError) -> Result
  ) throws -> [Result] {
    if items.isEmpty { return [] }
    var results = [Swift.Result<Result, DataError>?](repeating: nil, count: items.count)
    results.withUnsafeMutableBufferPointer { places in
      // Each part writes places of its own.
      nonisolated(unsafe) let places = places
      let partition = Partition(count: items.count, threads: items.count)
      Pool.shared.forEachPart(of: partition) { _, range in
        for index in range {
          places[index] = Swift.Result { () throws(DataError) in try work(items[index]) }
        }
      }
    }
    return try results.compactMap { try $0?.get() }
  }
}

// Writing.
extension LakeSeries {
  /// - Parameter delivery: in order of start, one row for each.
  func write(_ delivery: BarBatch, recordedAt: Timestamp) throws -> WriteCounts {
    try change(Self.months(of: delivery.start), recordedAt: recordedAt.nanoseconds) {
      rows, existing throws(DataError) in
      BarMerge(delivery.slice(rows), into: existing, recordedAt: recordedAt)
    }
  }

  func adopt(_ history: StoredBars) throws {
    let newest = history.recordedAt.max() ?? .min
    _ = try change(Self.months(of: history.bars.start), recordedAt: newest) {
      rows, existing throws(DataError) in
      let part = history.slice(rows)
      let present = Set(existing.bars.start)
      guard !part.bars.start.contains(where: { present.contains($0) }) else {
        throw .unwritable(path: folder.path, reason: "it has some of these bars already")
      }
      return BarMerge(adopting: part)
    }
  }

  /// Changes some months, all of them or none; `merge` says what becomes of rows and what is there.
  private func change(
    _ months: [(name: String, rows: Range<Int>)], recordedAt: Int64,
    _ merge: (Range<Int>, StoredBars) throws(DataError) -> BarMerge
  ) throws -> WriteCounts {
    try folder.writing(root: root) {
      var manifest = try readManifest()
      try Folder.make(folder.staging)
      let changes = try Self.sideBySide(months) { month throws(DataError) in
        let old = manifest.months.first { $0.name == month.name }
        let existing = old == nil ? .none(key) : try part(month.name).read().stored
        return try stage(month.name, old, existing, try merge(month.rows, existing))
      }
      let counts = changes.reduce(WriteCounts()) { $0 + $1.counts }
      guard counts.added + counts.revised > 0 else { return counts }
      for change in changes { if let month = change.month { manifest.set(month) } }
      manifest.recordedAt = max(manifest.recordedAt ?? .min, recordedAt)
      try commit(changes.flatMap(\.moves), manifest)
      return counts
    }
  }

  private func commit(_ moves: [LakeFolder.Move], _ manifest: LakeManifest) throws {
    for move in moves {
      guard let slash = move.to.lastIndex(of: "/") else { continue }
      try Folder.make(root + "/" + move.to[..<slash])
    }
    let staged = "bars/\(place)/_staged/series"
    try AtomicFile.write(manifest.text, to: root + "/" + staged)
    try folder.commit(
      moves + [LakeFolder.Move(from: staged, to: "bars/\(place)/_series")], root: root)
  }

  private struct Change {
    var counts: WriteCounts
    var month: LakeManifest.Month?
    var moves: [LakeFolder.Move] = []
  }

  /// Writes what one month becomes beside what it is.
  private func stage(
    _ name: String, _ old: LakeManifest.Month?, _ existing: StoredBars, _ merge: BarMerge
  ) throws(DataError) -> Change {
    var change = Change(counts: merge.counts)
    guard merge.counts.added + merge.counts.revised > 0 else { return change }
    let bars = Self.replacing(merge, in: existing, key)
    var month = LakeManifest.Month(
      name: name, barCount: bars.count, versionCount: old?.versionCount ?? 0,
      firstStart: bars.bars.start[0], lastStart: bars.bars.start[bars.count - 1],
      lastEnd: bars.bars.end[bars.count - 1])
    change.moves.append(try stage(name, versions: false, bars, nil))
    if merge.counts.revised > 0 {
      var versions = (stored: StoredBars.none(key), until: Column<Int64>([]))
      if month.versionCount > 0 {
        let read = try part(name, versions: true).read()
        versions = (read.stored, read.supersededAt ?? Column([]))
      }
      let all = StoredBars.joined([versions.stored, merge.superseded], key)
      let until = Column.joined([versions.until, merge.supersededAt])
      let order = (0..<all.count).sorted {
        (all.bars.start[$0], all.revision[$0]) < (all.bars.start[$1], all.revision[$1])
      }
      month.versionCount = all.count
      change.moves.append(
        try stage(name, versions: true, all.taking(order), until.taking(order)))
    }
    change.month = month
    return change
  }

  private func stage(
    _ month: String, versions: Bool, _ stored: StoredBars, _ supersededAt: Column<Int64>?
  ) throws(DataError) -> LakeFolder.Move {
    // Not called .parquet, so that no other program takes it for a part.
    let name = "bars/\(place)/_staged/\(month).\(versions ? "versions" : "bars")"
    try LakePart(path: root + "/" + name, key: key).write(stored, supersededAt: supersededAt)
    return LakeFolder.Move(from: name, to: partName(month, versions: versions))
  }

  /// All bars as they are after the merge.
  private static func replacing(
    _ merge: BarMerge, in existing: StoredBars, _ key: SeriesKey
  ) -> StoredBars {
    if existing.count == 0 { return merge.added }
    let gone = Set(merge.replacing.bars.start)
    let kept =
      gone.isEmpty
      ? existing
      : existing.taking((0..<existing.count).filter { !gone.contains(existing.bars.start[$0]) })
    return StoredBars.joined([kept, merge.replacing, merge.added].filter { $0.count > 0 }, key)
      .sorted()
  }

  /// The rows of each month, where starts do not fall.
  private static func months(of start: Column<Int64>) -> [(name: String, rows: Range<Int>)] {
    var months: [(name: String, rows: Range<Int>)] = []
    var first = 0
    while first < start.count {
      let end = LakePath.end(ofMonthOf: start[first])
      let next = end.map { start.firstRow(from: $0) } ?? start.count
      months.append((LakePath.month(of: start[first]), first..<next))
      first = next
    }
    return months
  }
}

extension LakePath {
  /// The first instant after the month of `start`; `nil` where timestamps end before that.
  static func end(ofMonthOf start: Int64) -> Int64? {
    let (year, month, _) = Timestamp(nanoseconds: start).utcDate.yearMonthDay
    let next = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
    return next.flatMap { try? Timestamp(startOf: $0) }?.nanoseconds  // beyond 2262: no end
  }
}
