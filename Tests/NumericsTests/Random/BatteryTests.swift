import Numerics
import TestKit
import Testing

/// A battery of our own on 2³⁴ bytes in `make nightly`, on 2²⁶ in `make test`.
@Suite("A battery of tests of randomness")
struct BatteryTests {
  private static let bytes = FuzzBudget.inputs(usual: 1 << 26, nightly: 1 << 34)
  private static let blockWords = 1 << 16
  /// Passed by chance once in about 10⁷ scores.
  private static let limit = 5.4

  private func scores(
    bytes: Int, _ fill: (UnsafeMutableBufferPointer<UInt32>) -> Void
  ) -> [(name: String, score: Double)] {
    let block = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: Self.blockWords)
    defer { block.deallocate() }
    var battery = Battery()
    for _ in 0..<bytes / (Self.blockWords * 4) {
      fill(block)
      battery.add(UnsafeBufferPointer(block))
    }
    return battery.scores()
  }

  @Test("one long stream passes")
  func longStream() {
    var stream = RandomStream(seed: 1, purpose: "battery")
    for (name, score) in scores(bytes: Self.bytes / 2, { stream.fillWords($0) }) {
      #expect(abs(score) < Self.limit, "\(name): \(score)")
    }
  }

  @Test("the first words of streams split by number pass, one stream after the other")
  func neighbouringStreams() {
    let parent = RandomStream(seed: 2, purpose: "battery")
    var next = 0
    let result = scores(bytes: Self.bytes / 2) { block in
      for start in stride(from: 0, to: block.count, by: 1024) {
        var stream = parent.split(next)
        next += 1
        stream.fillWords(UnsafeMutableBufferPointer(rebasing: block[start..<start + 1024]))
      }
    }
    for (name, score) in result { #expect(abs(score) < Self.limit, "\(name): \(score)") }
  }

  @Test("a generator that is known to be bad is found out")
  func badGenerators() {
    // Park and Miller's linear congruence, and a counter whose bits are stirred too little.
    var state: UInt64 = 1
    let congruence = scores(bytes: 1 << 24) { block in
      for i in block.indices {
        state = state * 16_807 % 2_147_483_647
        block[i] = UInt32(truncatingIfNeeded: state)
      }
    }
    #expect(congruence.contains { abs($0.score) > Self.limit })
    var counter: UInt32 = 0
    let stirred = scores(bytes: 1 << 24) { block in
      for i in block.indices {
        counter &+= 0x9E37_79B9
        block[i] = (counter ^ counter >> 15) &* 0x2C1B_3C6D
      }
    }
    #expect(stirred.contains { abs($0.score) > Self.limit })
  }
}
