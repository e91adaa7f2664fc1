/// Sums of the last values, put together from halves: the sum over 2m values is the sum over the last m
/// plus the one over the m before them, and one more is added by itself.
///
/// The order of additions depends on the length alone. So a column of sums, made from the column of half
/// the length in one addition a row (`BlockMeans`), has the bits that a single window has here.
enum WindowSum {
  static func of(_ values: UnsafeBufferPointer<Double>) -> Double {
    guard let start = values.baseAddress else { return 0 }
    return sum(start + values.count, values.count)
  }

  /// Of `count` values before `end`.
  private static func sum(_ end: UnsafePointer<Double>, _ count: Int) -> Double {
    guard count > 1 else { return end[-1] }
    let half = count / 2
    let both = sum(end, half) + sum(end - half, half)
    return count % 2 == 0 ? both : both + end[-count]
  }
}
