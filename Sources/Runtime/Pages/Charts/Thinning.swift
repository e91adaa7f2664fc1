/// Leaves out points nobody could see.
enum Thinning {
  /// The indices to draw where points at `positions` (ascending, in pixels) have `values`: of those in
  /// one pixel the first, the lowest, the highest and the last. Missing values are kept once a gap.
  static func indices(positions: [Double], values: [Double]) -> [Int] {
    var kept: [Int] = []
    var start = 0
    while start < positions.count {
      let pixel = positions[start].rounded(.down)
      var end = start
      var low = start
      var high = start
      var gap: Int?
      while end < positions.count, positions[end].rounded(.down) == pixel {
        if values[end].isNaN { gap = gap ?? end }
        if values[end] < values[low] || values[low].isNaN { low = end }
        if values[end] > values[high] || values[high].isNaN { high = end }
        end += 1
      }
      kept += Set([start, low, high, end - 1] + (gap.map { [$0] } ?? [])).sorted()
      start = end
    }
    return kept
  }
}
