import Market
import Runtime

/// Copies series with every version from one store to another.
///
/// What the target has already is compared and left out, so a copy that was broken off goes on where
/// it stopped, and one of a store that grew takes what is new. At the end counts and hashes of each
/// series are compared.
public struct StoreCopy: Sendable {
  /// What became of one series.
  public struct Report: Equatable, Sendable {
    public let key: SeriesKey
    /// Versions of bars that were taken over just now.
    public let copied: Int
    /// What both stores hold now.
    public let content: SeriesContent
  }

  private let source: any BarStore
  private let target: any BarStore

  public init(from source: any BarStore, to target: any BarStore) {
    self.source = source
    self.target = target
  }

  /// Copies one series; `progress` is told how many versions of bars were looked at.
  public func copy(
    _ summary: SeriesSummary, progress: (Int) -> Void = { _ in }
  ) throws -> Report {
    let key = summary.key
    try target.declare(key, as: summary.declaration)
    var copied = 0
    for chunk in try source.chunks(of: key) {
      let wanted = try source.history(of: key, starts: chunk)
      copied += try take(wanted, present: try target.history(of: key, starts: chunk), key)
      progress(wanted.count)
    }
    let content = try source.content(of: key)
    let arrived = try target.content(of: key)
    guard content == arrived else {
      throw CopyError.differs(
        series: key.description, store: target.address.description, source: content,
        target: arrived)
    }
    return Report(key: key, copied: copied, content: content)
  }

  /// Copies corporate actions, of these symbols or of all.
  public func copyActions(of symbols: Set<Symbol> = []) throws {
    let told = try source.recordedActions(of: nil)
    try target.adopt(told.filter { symbols.isEmpty || symbols.contains($0.action.symbol) })
  }

  /// Writes what is missing of `wanted` and returns how many versions that were.
  private func take(_ wanted: StoredBars, present: StoredBars, _ key: SeriesKey) throws -> Int {
    if present.count == 0 {
      try target.adopt(wanted, to: key)
      return wanted.count
    }
    let missing = try absent(wanted, present, key)
    let known = Set(present.bars.start)
    let fresh = missing.filter { !known.contains(wanted.bars.start[$0]) }
    if !fresh.isEmpty { try target.adopt(wanted.taking(fresh), to: key) }
    // Later versions of bars that are there, delivery by delivery.
    let later = missing.filter { known.contains(wanted.bars.start[$0]) }
    for (instant, rows) in Dictionary(grouping: later, by: { wanted.recordedAt[$0] })
      .sorted(by: { $0.key < $1.key })
    {
      _ = try target.write(
        wanted.bars.taking(rows), to: key, recordedAt: Timestamp(nanoseconds: instant))
    }
    return missing.count
  }

  /// The rows of `wanted` that are not present; refused where anything else is present.
  private func absent(
    _ wanted: StoredBars, _ present: StoredBars, _ key: SeriesKey
  ) throws -> [Int] {
    let here = Figures(wanted.bars)
    let there = Figures(present.bars)
    var missing: [Int] = []
    var next = 0
    for row in 0..<wanted.count {
      let isSame =
        next < present.count && present.bars.start[next] == wanted.bars.start[row]
        && present.revision[next] == wanted.revision[row]
        && present.recordedAt[next] == wanted.recordedAt[row] && there.equal(next, here, row)
      if isSame {
        next += 1
      } else {
        missing.append(row)
      }
    }
    guard next == present.count else {
      let start = Timestamp(nanoseconds: present.bars.start[next])
      throw CopyError.clash(
        series: key.description, store: target.address.description, start: start)
    }
    return missing
  }
}

/// Why a copy was refused or cannot be trusted.
public enum CopyError: DiagnosedError, Equatable {
  /// The target has something of that series that the source does not have.
  case clash(series: String, store: String, start: Timestamp)
  case differs(series: String, store: String, source: SeriesContent, target: SeriesContent)

  public var diagnosis: Diagnosis {
    switch self {
    case .clash(let series, let store, let start):
      Diagnosis(
        place: "\(store): \(series)",
        finding: "has a version of the bar of \(start) that the other store does not have",
        remedy: "copy into a store that has nothing of that series", exitCode: .refused)
    case .differs(let series, let store, let source, let target):
      Diagnosis(
        place: "\(store): \(series)",
        finding: "has \(target.barCount) bars in \(target.versionCount) versions "
          + "(\(target.hash.description.prefix(12))), the source \(source.barCount) in "
          + "\(source.versionCount) (\(source.hash.description.prefix(12)))",
        remedy: "if nobody was writing meanwhile, check both disks; else run it again")
    }
  }
}
