/// An endless, repeatable sequence of random words, named by what it is for.
///
/// A stream is a pure function of a seed and a path of names, so adding a new use of randomness to
/// a program never shifts the numbers of another: give each use its own purpose, and split inside it.
///
/// ```swift
/// var weights = RandomStream(seed: 42, purpose: "initial weights")
/// let folds = RandomStream(seed: 42, purpose: "bootstrap")
/// var third = folds.split(3)
/// ```
///
/// The words come from `Philox`, 2⁶⁶ of them a stream; identities are derived with `Threefry`, where
/// two of them meet with a chance of 2⁻¹²⁸ a pair.
public struct RandomStream: RandomNumberGenerator, Sendable {
  /// Where the stream comes from: its first word is the key of its blocks and the second is the
  /// upper half of their counters.
  private let identity: SIMD4<UInt64>
  /// The next block to be made.
  private(set) var nextBlock: UInt64 = 0
  private var words = SIMD4<UInt32>.zero
  private var wordsTaken = 4

  public init(seed: UInt64, purpose: String) {
    self.init(
      identity: Self.absorb(purpose, into: SIMD4(seed, 0, 0, 0)))
  }

  private init(identity: SIMD4<UInt64>) { self.identity = identity }

  /// The stream for a part of this one's purpose, independent of how far this one has been read.
  public func split(_ name: String) -> RandomStream {
    RandomStream(identity: Self.absorb(name, into: identity))
  }

  /// The stream for one of many equal parts: a fold, an environment, a thread's share.
  public func split(_ index: Int) -> RandomStream {
    RandomStream(
      identity: Threefry.block(
        SIMD4(UInt64(bitPattern: Int64(index)), 0, 0, Self.numbered), key: identity))
  }

  // Marks that keep a number, a name's middle and a name's end from being taken for each other.
  private static let numbered: UInt64 = 1 << 63
  private static let ending: UInt64 = 1 << 62

  private static func absorb(_ name: String, into identity: SIMD4<UInt64>) -> SIMD4<UInt64> {
    let bytes = Array(name.utf8)
    var identity = identity
    var offset = 0
    repeat {
      var block = SIMD4<UInt64>.zero
      let end = min(offset + 24, bytes.count)
      for position in offset..<end {
        let place = position - offset
        block[place / 8] |= UInt64(bytes[position]) << UInt64(place % 8 * 8)
      }
      block.w = UInt64(end - offset) | (end == bytes.count ? ending : 0)
      identity = Threefry.block(block, key: identity)
      offset = end
    } while offset < bytes.count
    return identity
  }

  var key: (UInt32, UInt32) {
    (UInt32(truncatingIfNeeded: identity.x), UInt32(truncatingIfNeeded: identity.x >> 32))
  }

  var upper: (UInt32, UInt32) {
    (UInt32(truncatingIfNeeded: identity.y), UInt32(truncatingIfNeeded: identity.y >> 32))
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    if wordsTaken == 4 {
      let counter = SIMD4(
        UInt32(truncatingIfNeeded: nextBlock), UInt32(truncatingIfNeeded: nextBlock >> 32),
        upper.0, upper.1)
      words = Philox.block(counter, key: key)
      nextBlock &+= 1
      wordsTaken = 0
    }
    defer { wordsTaken += 1 }
    return words[wordsTaken]
  }

  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// Takes `count` blocks, a multiple of sixteen, for a bulk fill and returns the first one's index,
  /// which is a multiple of sixteen too.
  mutating func takeBlocks(_ count: Int) -> UInt64 {
    wordsTaken = 4
    let first = (nextBlock &+ 15) & ~15
    nextBlock = first &+ UInt64(count)
    return first
  }
}
