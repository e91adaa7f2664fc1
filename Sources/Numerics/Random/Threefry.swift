/// Threefry 4×64 with twenty rounds: a block of four words as a pure function of a counter and a key.
///
/// Same paper as `Philox`. Slower and with a key of 256 bits, so it is what keys are derived with.
public enum Threefry {
  private static let rotations: [(UInt64, UInt64)] = [
    (14, 16), (52, 57), (23, 40), (5, 37), (25, 33), (46, 12), (58, 22), (32, 32),
  ]
  private static let parity: UInt64 = 0x1BD1_1BDA_A9FC_1A22
  private static let rounds = 20

  /// The block of `counter` under `key`.
  public static func block(_ counter: SIMD4<UInt64>, key: SIMD4<UInt64>) -> SIMD4<UInt64> {
    let schedule = [key.x, key.y, key.z, key.w, parity ^ key.x ^ key.y ^ key.z ^ key.w]
    var words = counter &+ key
    for round in 0..<rounds {
      let (first, second) = rotations[round % 8]
      words.x &+= words.y
      words.y = rotate(words.y, by: first) ^ words.x
      words.z &+= words.w
      words.w = rotate(words.w, by: second) ^ words.z
      // Every round ends by exchanging the second and the fourth word.
      (words.y, words.w) = (words.w, words.y)
      if round % 4 == 3 {
        let injection = round / 4 + 1
        for word in 0..<4 { words[word] &+= schedule[(injection + word) % 5] }
        words.w &+= UInt64(injection)
      }
    }
    return words
  }

  private static func rotate(_ word: UInt64, by count: UInt64) -> UInt64 {
    (word &<< count) | (word &>> (64 - count))
  }
}
