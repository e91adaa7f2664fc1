import Market
import Runtime

/// What a store holds of one series, told by counts and a hash: two stores that hold the same bars
/// with the same versions have the same, whatever kind they are.
public struct SeriesContent: Equatable, Sendable {
  public let barCount: Int
  public let versionCount: Int
  /// SHA-256 over every version in order of start and revision: its times, when it was recorded and
  /// its figures, as 64-bit numbers.
  public let hash: SHA256Digest
}

extension BarStore {
  public func content(of key: SeriesKey) throws(StoreError) -> SeriesContent {
    var hash = SHA256()
    var barCount = 0
    var versionCount = 0
    for chunk in try chunks(of: key) {
      let stored = try history(of: key, starts: chunk)
      hash.update(stored.canonicalBytes)
      versionCount += stored.count
      barCount += stored.revision.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
    }
    return SeriesContent(barCount: barCount, versionCount: versionCount, hash: hash.finish())
  }

  /// Stretches of time that together have all bars of a series, and each about as many as are
  /// handled at once.
  func chunks(of key: SeriesKey) throws(StoreError) -> [Range<Timestamp>] {
    guard let span = try series().first(where: { $0.key == key })?.span else { return [] }
    let step = Int128(key.interval.length.nanoseconds ?? 1) * 65_536
    var edges: [Int64] = [.min]
    var edge = Int128(span.lowerBound.nanoseconds) + step
    while edge < Int128(span.upperBound.nanoseconds) {
      edges.append(Int64(edge))
      edge += step
    }
    edges.append(.max)
    return zip(edges, edges.dropFirst()).map {
      Timestamp(nanoseconds: $0)..<Timestamp(nanoseconds: $1)
    }
  }
}

extension StoredBars {
  /// The same for the same bars: each missing value is one NaN, and no zero has a sign.
  var canonicalBytes: [UInt8] {
    let figures = Self.columnNames.map { bars[$0] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * (5 + figures.count) * 8)
    func append(_ bits: UInt64) {
      withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }
    for row in 0..<count {
      for time in [bars.start, bars.end, bars.knownAt, recordedAt, revision] {
        append(UInt64(bitPattern: time[row]))
      }
      for column in figures {
        let value = column?[row] ?? .nan
        append(value.isNaN ? Double.nan.bitPattern : value == 0 ? 0 : value.bitPattern)
      }
    }
    return bytes
  }
}
