import Foundation

/// Ratios at which companies split their shares.
enum SplitRatio {
  /// New shares for an old one. Smaller ones (5 for 4) are as likely a day's move: they are
  /// recognised where they are known, not guessed.
  private static let common: [Double] = [
    1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100,
  ]
  private static let all = common + common.map { 1 / $0 }

  /// The split whose price factor is nearest to `priceRatio` (new price over old), if its logarithm
  /// is within `tolerance`.
  static func nearest(toPriceRatio logarithm: Double, within tolerance: Double) -> Double? {
    guard let ratio = all.min(by: { distance($0, logarithm) < distance($1, logarithm) }),
      distance(ratio, logarithm) <= tolerance
    else { return nil }
    return ratio
  }

  /// How far a price that moved by `logarithm` is from what a split of `ratio` would have done.
  static func distance(_ ratio: Double, _ logarithm: Double) -> Double {
    abs(log(ratio) + logarithm)
  }

  /// `7:1`, `3:2`, `1:8`: new shares for old ones.
  static func words(_ ratio: Double) -> String {
    for old in 1...10 where abs(ratio * Double(old) - (ratio * Double(old)).rounded()) < 1e-6 {
      return "\(Int((ratio * Double(old)).rounded())):\(old)"
    }
    let inverse = 1 / ratio
    if abs(inverse - inverse.rounded()) < 1e-3 { return "1:\(Int(inverse.rounded()))" }
    return "\((ratio * 10_000).rounded() / 10_000):1"
  }
}
