import Foundation

extension NumberText {
  /// `4.1 … 20.0%`: where an estimate in percent may lie as well.
  public static func percentRange(_ range: ClosedRange<Double>) -> String {
    "\(percent(range.lowerBound, withSign: false)) … \(percent(range.upperBound))"
  }

  /// `0.4 … 1.8`.
  public static func range(_ range: ClosedRange<Double>) -> String {
    "\(fixed(range.lowerBound, decimals: 1)) … \(fixed(range.upperBound, decimals: 1))"
  }

  /// What stands at the ticks of an axis, with as many digits as tell them apart.
  static func ticks(_ values: [Double]) -> [String] {
    let short = values.map(compact)
    guard values.count > 1, Set(short).count < short.count else { return short }
    let step = abs(values[1] - values[0])
    let decimals = step > 0 ? Int((-log10(step)).rounded(.up)) : 0
    return values.map { fixed($0, decimals: min(9, max(0, decimals))) }
  }

  /// Few digits for an axis: `0.5`, `20`, `100k`, `1.5M`.
  public static func compact(_ value: Double) -> String {
    let size = abs(value)
    let (scaled, suffix): (Double, String) =
      switch size {
      case 1e9...: (value / 1e9, "G")
      case 1e6..<1e9: (value / 1e6, "M")
      case 1e4..<1e6: (value / 1e3, "k")
      default: (value, "")
      }
    // Three significant digits at most, and no zeros at the end of decimals.
    let decimals =
      switch abs(scaled) {
      case 100...: 0
      case 10..<100: 1
      case 1..<10: 2
      case 0.1..<1: 3
      default: 4
      }
    var text = fixed(scaled, decimals: decimals)
    guard decimals > 0, scaled.isFinite else { return text + suffix }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text + suffix
  }
}
