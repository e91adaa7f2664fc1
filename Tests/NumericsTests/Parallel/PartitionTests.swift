import Numerics
import TestKit
import Testing

@Suite("Partition") struct PartitionTests {
  @Test("parts cover every item once, in order, and none is empty", arguments: 0..<200)
  func covers(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 0...5_000, using: &random)
    let alignment = [1, 1, 8, 16, 64].randomElement(using: &random) ?? 1
    let minimum = Int.random(in: 1...700, using: &random)
    let threads = Int.random(in: 1...17, using: &random)
    let partition = Partition(
      count: count, threads: threads, minimumChunk: minimum, alignedTo: alignment)
    var next = 0
    for part in 0..<partition.parts {
      let range = partition[part]
      #expect(range.lowerBound == next)
      #expect(!range.isEmpty)
      #expect(range.upperBound == count || range.upperBound % alignment == 0)
      next = range.upperBound
    }
    #expect(next == count)
    #expect(partition.parts <= threads)
    #expect(partition.parts <= 1 || partition.parts * minimum <= count)
  }

  @Test("sizes differ by at most one unit of alignment")
  func isEven() {
    let partition = Partition(count: 1_003, threads: 7, alignedTo: 4)
    let sizes = (0..<partition.parts - 1).map { partition[$0].count }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 4)
  }

  @Test("nothing to do makes no part")
  func isEmpty() { #expect(Partition(count: 0, threads: 4).parts == 0) }
}
