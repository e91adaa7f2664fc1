import CAllocations
import Numerics
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  private func words(_ stream: RandomStream, count: Int = 8) -> [UInt32] {
    var stream = stream
    return (0..<count).map { _ in stream.nextWord() }
  }

  private func floats(
    _ stream: inout RandomStream, _ count: Int,
    by fill: (inout RandomStream, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: .nan)
      fill(&stream, buffer)
      initialized = count
    }
  }

  @Test("a stream is what it was on the day this was written, so old runs repeat")
  func frozen() {
    #expect(
      words(RandomStream(seed: 42, purpose: "weights"), count: 4) == Self.frozenWeights)
    #expect(
      words(RandomStream(seed: 42, purpose: "weights").split("layer").split(3), count: 4)
        == Self.frozenSplit)
  }

  @Test("seed, purpose, name and number all change a stream, and reading does not change a split")
  func named() {
    let parent = RandomStream(seed: 1, purpose: "bootstrap")
    var read = parent
    for _ in 0..<7 { _ = read.next() }
    #expect(words(parent.split("fold")) == words(read.split("fold")))
    let streams = [
      parent, RandomStream(seed: 2, purpose: "bootstrap"),
      RandomStream(seed: 1, purpose: "bootstra"),
      RandomStream(seed: 1, purpose: ""), RandomStream(seed: 1, purpose: "\0"),
      RandomStream(seed: 1, purpose: String(repeating: "x", count: 24)),
      RandomStream(seed: 1, purpose: String(repeating: "x", count: 25)),
      parent.split("fold"), parent.split(0), parent.split(1), parent.split(-1), parent.split("0"),
      parent.split("a").split("b"), parent.split("ab"), parent.split("b").split("a"),
    ]
    #expect(Set(streams.map { words($0) }).count == streams.count)
  }

  @Test("sixteen blocks at once are the blocks one by one")
  func vectorEqualsScalar() {
    var bulk = RandomStream(seed: 9, purpose: "test")
    var single = bulk
    let numbers = floats(&bulk, 64 * 5) { $0.fillUniform($1) }
    for group in 0..<5 {
      let blocks = (0..<16).map { _ in (0..<4).map { _ in single.nextWord() } }
      for word in 0..<4 {
        for block in 0..<16 {
          let expected = Float(blocks[block][word] >> 9) * 0x1p-23
          #expect(numbers[group * 64 + word * 16 + block] == expected)
        }
      }
    }
  }

  @Test("bulk numbers do not depend on how a fill is cut, nor on where its end falls")
  func fillsCompose() {
    for length in [0, 1, 15, 16, 63, 64, 65, 127, 4097, 200_001] {
      var whole = RandomStream(seed: 3, purpose: "cut")
      var parts = whole
      let expected = floats(&whole, length + 128) { $0.fillNormal($1) }
      var got = floats(&parts, 128) { $0.fillNormal($1) }
      got += floats(&parts, length) { $0.fillNormal($1) }
      #expect(Array(expected[..<128]) == Array(got[..<128]))
      #expect(expected[128...].elementsEqual(got[128...]))
    }
  }

  @Test("a long fill, cut over threads, is the short fills one after the other")
  func threadsChangeNothing() {
    var long = RandomStream(seed: 5, purpose: "threads")
    var short = long
    let expected = floats(&long, 1 << 18) { $0.fillNormal($1) }
    var got: [Float] = []
    for _ in 0..<(1 << 18) / 1024 { got += floats(&short, 1024) { $0.fillNormal($1) } }
    #expect(expected == got)
  }

  @Test(
    "filling and drawing allocate nothing",
    .enabled(if: martinet_counts_allocations() == 1, "a sanitizer owns malloc"))
  func allocatesNothing() throws {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 100_000)
    defer { buffer.deallocate() }
    let words = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 100_000)
    defer { words.deallocate() }
    var stream = RandomStream(seed: 1, purpose: "allocations")
    let table = try WeightTable([1, 2, 3])
    func fill() {
      stream.fillNormal(buffer)
      stream.fillUniform(buffer)
      stream.fillWords(words)
    }
    fill()
    let before = martinet_thread_allocations()
    fill()
    var sum = 0.0
    for _ in 0..<100 {
      sum += stream.normal() + stream.exponential() + stream.uniform()
      sum += try stream.gamma(shape: 0.5) + stream.gamma(shape: 3) + stream.beta(0.5, 2)
      sum += Double(stream.index(below: 7) + table.draw(from: &stream))
    }
    let after = martinet_thread_allocations()
    #expect(after == before && sum.isFinite)
  }

  @Test("an index below a bound takes every value, and a permutation is one")
  func wholeNumbers() {
    var stream = RandomStream(seed: 8, purpose: "indices")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.index(below: 7)] += 1 }
    // Six degrees of freedom: 22.5 is passed by chance once in a thousand seeds.
    let chiSquare = counts.map { Double(($0 - 10_000) * ($0 - 10_000)) / 10_000 }.reduce(0, +)
    #expect(chiSquare < 22.5)
    // Each of the 24 orders of four as often: 49.7 is passed once in a thousand seeds.
    var orders: [[Int]: Int] = [:]
    for _ in 0..<24_000 { orders[stream.permutation(4), default: 0] += 1 }
    let spread = orders.values.map { Double(($0 - 1000) * ($0 - 1000)) / 1000 }.reduce(0, +)
    #expect(orders.count == 24 && spread < 49.7)
    #expect(stream.permutation(100).sorted() == Array(0..<100))
    #expect(stream.permutation(0).isEmpty && stream.permutation(1) == [0])
  }

  private static let frozenWeights: [UInt32] = [
    253_208_994, 1_092_030_370, 3_698_766_231, 3_844_984_869,
  ]
  private static let frozenSplit: [UInt32] = [
    879_973_215, 2_101_999_070, 1_983_975_360, 1_083_067_722,
  ]
}
