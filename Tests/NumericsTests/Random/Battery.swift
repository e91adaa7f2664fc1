import Foundation

/// Tests that a long sequence of 32-bit words looks random, in the manner of PractRand and Diehard:
/// each yields a standard normal score if it is, and a large one if it is not.
///
/// - bytes: how often each byte value occurs
/// - pairs: how often each pair of neighbouring words' low bytes occurs
/// - ones: how many bits are set
/// - lag n: how many bits differ between words n apart, for n from 1 to 1,024
/// - weights: whether classes of the numbers of ones of three neighbouring words are independent
/// - rank: the ranks of 32 × 32 matrices of bits (Marsaglia)
/// - birthdays: equal spacings among 4,096 of 2³² days (Marsaglia)
struct Battery {
  private static let lags = [1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 64, 128, 1024]

  private var words = 0
  private var byteCounts = [UInt64](repeating: 0, count: 256)
  private var pairCounts = [UInt64](repeating: 0, count: 65_536)
  private var ones: UInt64 = 0
  private var differing = [UInt64](repeating: 0, count: lags.count)
  private var compared = [UInt64](repeating: 0, count: lags.count)
  private var weightCounts = [UInt64](repeating: 0, count: 125)
  private var rankCounts = [UInt64](repeating: 0, count: 3)
  private var equalSpacings = 0
  private var birthdayRuns = 0

  /// Takes a block of words in; it holds at least 4,096.
  mutating func add(_ block: UnsafeBufferPointer<UInt32>) {
    words += block.count
    countBytes(block)
    countLags(block)
    countWeights(block)
    countRanks(block)
    countSpacings(block)
  }

  private mutating func countBytes(_ block: UnsafeBufferPointer<UInt32>) {
    byteCounts.withUnsafeMutableBufferPointer { bytes in
      pairCounts.withUnsafeMutableBufferPointer { pairs in
        var last: UInt32 = block[block.count - 1] & 0xFF
        for word in block {
          ones &+= UInt64(word.nonzeroBitCount)
          bytes[Int(word & 0xFF)] &+= 1
          bytes[Int(word >> 8 & 0xFF)] &+= 1
          bytes[Int(word >> 16 & 0xFF)] &+= 1
          bytes[Int(word >> 24)] &+= 1
          let low = word & 0xFF
          pairs[Int(last << 8 | low)] &+= 1
          last = low
        }
      }
    }
  }

  private mutating func countLags(_ block: UnsafeBufferPointer<UInt32>) {
    for (place, lag) in Self.lags.enumerated() {
      var bits: UInt64 = 0
      for i in lag..<block.count {
        bits &+= UInt64((block[i] ^ block[i - lag]).nonzeroBitCount)
      }
      differing[place] &+= bits
      compared[place] &+= UInt64(block.count - lag) * 32
    }
  }

  private static func weightClass(_ word: UInt32) -> Int {
    min(max(word.nonzeroBitCount, 14), 18) - 14
  }

  private mutating func countWeights(_ block: UnsafeBufferPointer<UInt32>) {
    weightCounts.withUnsafeMutableBufferPointer { counts in
      // Triples do not overlap, so the cells are independent.
      for i in stride(from: 0, to: block.count - 2, by: 3) {
        let cell =
          Self.weightClass(block[i]) * 25 + Self.weightClass(block[i + 1]) * 5
          + Self.weightClass(block[i + 2])
        counts[cell] &+= 1
      }
    }
  }

  private mutating func countRanks(_ block: UnsafeBufferPointer<UInt32>) {
    for start in stride(from: 0, to: block.count - 31, by: 512) {
      var rows = Array(block[start..<start + 32])
      var rank = 0
      for bit in 0..<32 {
        guard let pivot = rows[rank...].firstIndex(where: { $0 >> UInt32(bit) & 1 == 1 }) else {
          continue
        }
        rows.swapAt(rank, pivot)
        let row = rows[rank]
        for i in rows.indices where i != rank && rows[i] >> UInt32(bit) & 1 == 1 { rows[i] ^= row }
        rank += 1
        if rank == 32 { break }
      }
      rankCounts[32 - max(rank, 30)] += 1
    }
  }

  private mutating func countSpacings(_ block: UnsafeBufferPointer<UInt32>) {
    let days = block[..<4096].sorted()
    var spacings = (1..<days.count).map { days[$0] &- days[$0 - 1] }
    spacings.append(days[0] &- days[days.count - 1])
    spacings.sort()
    for i in 1..<spacings.count where spacings[i] == spacings[i - 1] { equalSpacings += 1 }
    birthdayRuns += 1
  }

  /// The score of every test by its name.
  func scores() -> [(name: String, score: Double)] {
    var scores: [(String, Double)] = []
    scores.append(("bytes", Self.score(byteCounts, [Double](repeating: 1 / 256, count: 256))))
    scores.append(
      ("pairs", Self.score(pairCounts, [Double](repeating: 1 / 65_536, count: 65_536))))
    scores.append(("ones", Self.score(of: ones, among: UInt64(words) * 32)))
    for (place, lag) in Self.lags.enumerated() {
      scores.append(("lag \(lag)", Self.score(of: differing[place], among: compared[place])))
    }
    scores.append(("weights", Self.score(weightCounts, Self.weightChances)))
    scores.append(("rank", Self.score(rankCounts, Self.rankChances)))
    // m³ / 4n with m = 2¹² and n = 2³².
    let expected = Double(birthdayRuns) * 4
    scores.append(("birthdays", (Double(equalSpacings) - expected) / expected.squareRoot()))
    return scores
  }

  private static var weightChances: [Double] {
    var chances = [Double](repeating: 0, count: 5)
    for ones in 0...32 {
      let ways = exp(lgamma(33) - lgamma(Double(ones) + 1) - lgamma(33 - Double(ones)))
      chances[min(max(ones, 14), 18) - 14] += ways * 0x1p-32
    }
    var cells: [Double] = []
    for first in chances {
      for second in chances {
        for third in chances { cells.append(first * second * third) }
      }
    }
    return cells
  }

  private static var rankChances: [Double] {
    let full = (1...32).reduce(1.0) { $0 * (1 - pow(2, -Double($1))) }
    // The general formula, 2^(r (2n − r) − n²) ∏ (1 − 2^(i − n))² / (1 − 2^(i − r)), at r = n − 1.
    let oneShort = 2 * full * (1 - 0x1p-32)
    return [full, oneShort, 1 - full - oneShort]
  }

  private static func score(of count: UInt64, among total: UInt64) -> Double {
    (Double(count) - Double(total) / 2) / (Double(total) / 4).squareRoot()
  }

  /// χ² of counts against chances, as a normal score (Wilson and Hilferty 1931).
  private static func score(_ counts: [UInt64], _ chances: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    var chiSquare = 0.0
    for (count, chance) in zip(counts, chances) {
      let difference = Double(count) - total * chance
      chiSquare += difference * difference / (total * chance)
    }
    let freedom = Double(counts.count - 1)
    let spread = 2 / (9 * freedom)
    return (cbrt(chiSquare / freedom) - (1 - spread)) / spread.squareRoot()
  }
}
