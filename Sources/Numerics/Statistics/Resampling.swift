/// How a bootstrap puts a sample together anew.
public enum Resampling: Sendable, Equatable {
  /// Every value for itself (Efron 1979): for samples without memory.
  case independent
  /// Blocks of one length that start anywhere they fit (Künsch 1989).
  case movingBlock(length: Int)
  /// The same on a ring, so that the ends are drawn as often as the middle (Politis and Romano 1992).
  case circularBlock(length: Int)
  /// Blocks on a ring of random length, geometric around the mean, so that the new series is
  /// stationary (Politis and Romano 1994).
  case stationary(meanLength: Double)

  /// Writes which rows of a sample of `count` make up the new one, whose length is that of the
  /// indices. Allocates nothing.
  public func draw(
    into indices: inout MutableSpan<Int>, of count: Int, from random: inout RandomStream
  ) throws(StatisticsError) {
    try check(count)
    switch self {
    case .independent:
      for step in indices.indices { indices[step] = random.index(below: count) }
    case .movingBlock(let length):
      for step in indices.indices {
        indices[step] =
          step % length == 0 ? random.index(below: count - length + 1) : indices[step - 1] + 1
      }
    case .circularBlock(let length):
      for step in indices.indices {
        indices[step] =
          step % length == 0 ? random.index(below: count) : (indices[step - 1] + 1) % count
      }
    case .stationary(let meanLength):
      let continuing = 1 - 1 / meanLength
      for step in indices.indices {
        let isNewBlock = step == 0 || random.uniform() >= continuing
        indices[step] = isNewBlock ? random.index(below: count) : (indices[step - 1] + 1) % count
      }
    }
  }

  /// The statistic of each of many new samples, given as rows of the old one. Sample i is drawn from
  /// the stream's i-th part, so that neither their number nor the threads change it.
  public func replicates(
    _ times: Int, of count: Int, from random: RandomStream, on pool: Pool = .shared,
    _ statistic: @Sendable (Span<Int>) -> Double
  ) throws(StatisticsError) -> [Double] {
    try check(count)
    guard times > 0 else {
      throw .parameter(
        operation: "bootstrap", name: "times", value: Double(times), allowed: "a number from 1 up")
    }
    var results = [Double](repeating: 0, count: times)
    results.withUnsafeMutableBufferPointer { results in
      // Each part writes only its own results.
      nonisolated(unsafe) let results = results
      pool.forEachChunk(of: times, minimumChunk: 8) { chunk in
        var indices = [Int](repeating: 0, count: count)
        for replicate in chunk {
          var stream = random.split(replicate)
          var span = indices.mutableSpan
          // What draw can refuse was refused above.
          do { try draw(into: &span, of: count, from: &stream) } catch { return }
          results[replicate] = statistic(indices.span)
        }
      }
    }
    return results
  }

  /// The interval that holds the middle share of replicates.
  public static func interval(
    _ replicates: [Double], share: Double
  ) throws(StatisticsError) -> ClosedRange<Double> {
    guard share > 0, share < 1 else {
      throw .parameter(
        operation: "bootstrap", name: "share", value: share, allowed: "a number between 0 and 1")
    }
    let ends = try Quantiles.exact(replicates, at: [(1 - share) / 2, (1 + share) / 2])
    return ends[0]...ends[1]
  }

  private func check(_ count: Int) throws(StatisticsError) {
    guard count > 0 else { throw .tooFew(operation: "bootstrap", count: count, needed: 1) }
    let length: Double
    switch self {
    case .independent: return
    case .movingBlock(let whole), .circularBlock(let whole): length = Double(whole)
    case .stationary(let mean): length = mean
    }
    guard length >= 1, length <= Double(count) else {
      throw .parameter(
        operation: "bootstrap", name: "block length", value: length,
        allowed: "a number from 1 to the sample's length")
    }
  }
}
