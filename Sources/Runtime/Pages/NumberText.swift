/// Numbers as people read them on pages: few digits, `−` for minus, thin spaces between thousands.
public enum NumberText {
  public static let missing = "n/a"
  static let minus = "\u{2212}"
  static let thinSpace = "\u{202F}"

  /// With one decimal: `12.3%`.
  public static func percent(_ ratio: Double) -> String { fixed(ratio * 100, digits: 1) + "%" }

  /// With two decimals: `1.12`.
  public static func ratio(_ value: Double) -> String { fixed(value, digits: 2) }

  /// `1.12 (0.4 … 1.8)`.
  public static func interval(_ value: Double, _ low: Double, _ high: Double) -> String {
    "\(ratio(value)) (\(fixed(low, digits: 1)) … \(fixed(high, digits: 1)))"
  }

  /// `12.3% (4.1 … 20.0%)`.
  public static func percentInterval(_ value: Double, _ low: Double, _ high: Double) -> String {
    "\(percent(value)) (\(fixed(low * 100, digits: 1)) … \(percent(high)))"
  }

  /// `USD 12 345`, with as many decimals as asked for.
  public static func money(_ amount: Double, _ currency: String, digits: Int = 0) -> String {
    "\(currency)\u{00A0}\(fixed(amount, digits: digits))"
  }

  public static func count(_ value: Int) -> String { fixed(Double(value), digits: 0) }

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
    var digits = abs(scaled) >= 100 ? 0 : abs(scaled) >= 10 ? 1 : 2
    if abs(scaled) < 1 { digits = abs(scaled) < 0.1 ? 4 : 3 }
    var text = fixed(scaled, digits: digits)
    if digits > 0, scaled.isFinite {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text + suffix
  }

  /// Exactly `digits` decimals, rounded to the nearest; never `−0`.
  public static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return missing }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
    guard scaled < 1e15 else { return String(describing: value) }
    let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    var text = value < 0 && scaled > 0 ? minus : ""
    text += grouped(whole)
    if digits > 0 {
      let decimals = String(fraction)
      text += "." + String(repeating: "0", count: digits - decimals.count) + decimals
    }
    return text
  }

  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    guard digits.count > 3 else { return String(digits) }
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text += thinSpace }
      text.append(digit)
    }
    return text
  }
}
