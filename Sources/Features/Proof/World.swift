import Market
import Runtime

/// All that a computation is given: the bars of some symbols, and who belonged to the universe when.
public struct World: Sendable {
  public var frames: [Frame]
  public var universe: Universe?
  /// Whose days the universe counts.
  public var zone: Zone

  public init(_ frames: [Frame], universe: Universe? = nil, zone: Zone = .newYork) {
    self.frames = frames
    self.universe = universe
    self.zone = zone
  }

  /// The instants at which something became known, rising; UTC nanoseconds.
  public var instants: [Int64] {
    frames.reduce(into: Set<Int64>()) { $0.formUnion($1.knownAt) }.sorted()
  }

  /// The SHA-256 of every time, number and membership in it.
  public var hash: SHA256Digest {
    var hash = SHA256()
    for frame in frames { hash.update("\(frame.digest)\n") }
    for symbol in universe?.symbols ?? [] {
      for span in universe?.spans(of: symbol) ?? [] {
        hash.update("\(symbol) \(span.first) \(span.end.map { "\($0)" } ?? "")\n")
      }
    }
    return hash.finish()
  }
}
