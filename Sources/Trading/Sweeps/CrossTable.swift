import CSweepLanes
import Market
import Numerics

/// Where the mean of the last `fast` closes lies above that of the last `slow` ones, for many crosses at
/// once: a bit a bar, 64 bars a word.
///
/// Bars are taken block by block, so that the means of a block stay in the cache while all crosses are
/// compared; blocks are shared out among threads.
struct CrossTable: Sendable {
  private let words: [UInt64]
  private let wordsPerCross: Int

  /// - Parameter rows: the bars that are compared; the closes before them are known
  init(_ crosses: [SMACross], _ closes: Column<Double>, rows: Range<Int>, on pool: Pool) {
    let plan = MeanPlan(lengths: Set(crosses.flatMap { [$0.fast, $0.slow] }))
    let pairs = crosses.map { (fast: plan.slot(of: $0.fast), slow: plan.slot(of: $0.slow)) }
    let wordsPerCross = (rows.count + 63) / 64
    let blocks = Partition(
      count: wordsPerCross, threads: max(1, rows.count / plan.blockLength))
    let wordsInBlock = wordsPerCross / max(1, blocks.parts) + 1
    words = Array(unsafeUninitializedCapacity: wordsPerCross * crosses.count) { words, count in
      count = wordsPerCross * crosses.count
      guard let words = words.baseAddress else { return }
      closes.withUnsafeValues { closes in
        pool.forEachChunk(of: blocks.parts) { range in
          var means = BlockMeans(plan, blockLength: 64 * wordsInBlock)
          for block in range.map({ blocks[$0] }) {
            let first = rows.lowerBound + 64 * block.lowerBound
            means.fill(closes, first..<min(first + 64 * block.count, rows.upperBound))
            for (cross, pair) in pairs.enumerated() {
              martinet_above(
                means[pair.fast], means[pair.slow],
                words + cross * wordsPerCross + block.lowerBound, block.count)
            }
          }
        }
      }
    }
    self.wordsPerCross = wordsPerCross
  }

  /// Writes the bars on which a cross is other than on the bar before, beginning with the first on which
  /// it is above; room for 64 of each word is there.
  ///
  /// - Returns: how many there are
  func turns(of cross: Int, to list: UnsafeMutableBufferPointer<Int32>) -> Int {
    guard let list = list.baseAddress else { return 0 }
    var (count, last): (Int, UInt64) = (0, 0)
    words.withUnsafeBufferPointer { words in
      for word in 0..<wordsPerCross {
        let bits = words[cross * wordsPerCross + word]
        var changed = bits ^ (bits << 1 | last)
        last = bits >> 63
        while changed != 0 {
          list[count] = Int32(truncatingIfNeeded: 64 &* word &+ changed.trailingZeroBitCount)
          count &+= 1
          changed &= changed &- 1
        }
      }
    }
    return count
  }
}
