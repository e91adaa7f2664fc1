import Numerics

/// Which numbers are dropped: a function of the run, the use and the place, so that the gradient makes
/// the same mask again.
struct DropoutMask: Sendable {
  let randomness: Randomness
  private let use: Int
  /// Words below this drop their number.
  private let threshold: UInt32
  let probability: Double

  init(_ randomness: Randomness, probability: Double) {
    self.randomness = randomness
    use = randomness.use()
    self.probability = probability
    threshold = UInt32(min(probability * 0x1p32, 0x1p32 - 1))
  }

  /// What is kept is multiplied by this.
  var scale: Double { probability < 1 ? 1 / (1 - probability) : 0 }

  /// target[i] = source[i] · scale or 0, for a run of numbers that begins at a multiple of 64.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func apply<T: VectorScalar>(
    _ source: UnsafePointer<T>, into target: UnsafeMutablePointer<T>, count: Int, from place: Int,
    accumulates: Bool
  ) {
    let kept = T(scale)
    let run = randomness.run.pointee
    let key = (
      UInt32(truncatingIfNeeded: randomness.seed) ^ 0x6d61_736b,
      UInt32(truncatingIfNeeded: randomness.seed >> 32) ^ UInt32(truncatingIfNeeded: use)
    )
    let upper = (UInt32(truncatingIfNeeded: run), UInt32(truncatingIfNeeded: run >> 32))
    // A kilobyte lies on the stack; more would be allocated.
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { words in
      guard let start = words.baseAddress else { return }
      var i = 0
      while i < count {
        let length = min(256, count &- i)
        let block = UInt64((place &+ i) / 4)
        Philox.fill(start, groups: (length &+ 63) / 64, from: block, upper: upper, key: key)
        for j in 0..<length {
          let value = start[j] < threshold ? 0 : source[i &+ j] * kept
          target[i &+ j] = accumulates ? target[i &+ j] + value : value
        }
        i &+= length
      }
    }
  }
}
