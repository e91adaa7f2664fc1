import Market
import MarketData
import Runtime

/// Columns of features over frames, taken from the cache where somebody computed them before.
public struct FeatureColumns: Sendable {
  public let features: [any Feature]
  /// Of the program that computes: other code, other values.
  public let code: String
  private let cache: FeatureCache

  package init(_ features: [any Feature], code: String, cache: FeatureCache) {
    self.features = features
    self.code = code
    self.cache = cache
  }

  public init(_ features: [any Feature], code: String) {
    self.init(features, code: code, cache: .shared)
  }

  /// For each frame a column a feature. The frames are joined already where features need that.
  public func columns(over frames: [Frame]) throws(FeatureError) -> [[Column<Double>]] {
    let suite = FeatureSuite(features)
    let definitions = features.map(\.definition)
    var all: [[Column<Double>]] = []
    for frame in frames {
      let key = CacheKey(definitions: definitions, data: frame.digest, code: code)
      let table = try cache.table(for: key) { () throws(FeatureError) in
        NumberTable(
          names: features.map(\.about.name),
          columns: try suite.columns(over: [BarColumns(frame)])[0])
      }
      all.append(table.columns)
    }
    return all
  }
}

extension Frame {
  /// The SHA-256 of its symbol, interval, times and numbers.
  public var digest: SHA256Digest {
    var hash = SHA256()
    hash.update("\(symbol) \(interval) \(count)\n")
    for times in [start, end, knownAt] {
      times.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
    }
    for name in names {
      guard let column = self[name] else { continue }
      hash.update(name + "\n")
      column.withUnsafeValues { hash.update(UnsafeRawBufferPointer($0)) }
    }
    return hash.finish()
  }
}
