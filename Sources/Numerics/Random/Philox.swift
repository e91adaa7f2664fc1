/// Philox 4×32 with ten rounds: a block of four words as a pure function of a counter and a key.
///
/// Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011). There is no
/// state to carry, so any block of any stream can be had at once, by any thread.
public enum Philox {
  @usableFromInline static let rounds = 10
  @usableFromInline static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  @usableFromInline static let keySteps: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// The block of `counter` under `key`.
  public static func block(_ counter: SIMD4<UInt32>, key: (UInt32, UInt32)) -> SIMD4<UInt32> {
    var words = counter
    var (low, high) = key
    for _ in 0..<rounds {
      let first = multipliers.0 &* UInt64(words.x)
      let second = multipliers.1 &* UInt64(words.z)
      words = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ words.y ^ low,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ words.w ^ high,
        UInt32(truncatingIfNeeded: first))
      low &+= keySteps.0
      high &+= keySteps.1
    }
    return words
  }

  /// Words of groups of sixteen blocks: of each group the blocks' first words, then their second ones
  /// and so on, 64 in all.
  ///
  /// - Parameter index: of the first block, a multiple of sixteen
  package static func fill(
    _ target: UnsafeMutablePointer<UInt32>, groups: Int, from index: UInt64,
    upper: (UInt32, UInt32), key: (UInt32, UInt32)
  ) {
    let bytes = UnsafeMutableRawPointer(target)
    for group in 0..<groups {
      let words = sixteenBlocks(from: index &+ UInt64(group &* 16), upper: upper, key: key)
      let start = bytes + group &* 256
      start.storeBytes(of: words.0, as: SIMD16<UInt32>.self)
      start.storeBytes(of: words.1, toByteOffset: 64, as: SIMD16<UInt32>.self)
      start.storeBytes(of: words.2, toByteOffset: 128, as: SIMD16<UInt32>.self)
      start.storeBytes(of: words.3, toByteOffset: 192, as: SIMD16<UInt32>.self)
    }
  }

  typealias SixteenBlocks = (SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>)

  /// The blocks of sixteen consecutive indices, word by word.
  @inline(__always)
  static func sixteenBlocks(
    from index: UInt64, upper: (UInt32, UInt32), key: (UInt32, UInt32)
  ) -> SixteenBlocks {
    let low = SIMD16(repeating: UInt32(truncatingIfNeeded: index))
    var a = low &+ SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    // Streams give out blocks in multiples of sixteen here, so the sum above cannot carry.
    var b = SIMD16(repeating: UInt32(truncatingIfNeeded: index >> 32))
    var c = SIMD16(repeating: upper.0)
    var d = SIMD16(repeating: upper.1)
    var keyWords = key
    for _ in 0..<rounds {
      let first = fullProduct(a, multipliers.0)
      let second = fullProduct(c, multipliers.1)
      a = second.high ^ b ^ SIMD16(repeating: keyWords.0)
      c = first.high ^ d ^ SIMD16(repeating: keyWords.1)
      b = second.low
      d = first.low
      keyWords = (keyWords.0 &+ keySteps.0, keyWords.1 &+ keySteps.1)
    }
    return (a, b, c, d)
  }

  /// The upper and lower halves of the products, by the two 32-by-32-bit multiplications that the
  /// processor has for 64-bit lanes: one for the even lanes and one for the odd.
  @inline(__always)
  private static func fullProduct(
    _ words: SIMD16<UInt32>, _ multiplier: UInt64
  ) -> (high: SIMD16<UInt32>, low: SIMD16<UInt32>) {
    let lower = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
    let factor = SIMD8<UInt64>(repeating: multiplier)
    let lanes = unsafeBitCast(words, to: SIMD8<UInt64>.self)
    let even = (lanes & lower) &* factor
    let odd = (lanes &>> 32) &* factor
    let low = (even & lower) | (odd &<< 32)
    let high = (even &>> 32) | (odd & ~lower)
    return (
      unsafeBitCast(high, to: SIMD16<UInt32>.self), unsafeBitCast(low, to: SIMD16<UInt32>.self)
    )
  }
}
