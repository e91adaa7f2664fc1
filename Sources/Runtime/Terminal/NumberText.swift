/// Numbers as people read them, the same in the terminal and on pages: percent with one decimal,
/// ratios with two, thin spaces between thousands, a real minus.
public enum NumberText {
  /// What stands where a figure has no value.
  public static let absent = "n/a"

  /// `0.1234` as `12.3%`; without the sign where a column's header has it.
  public static func percent(_ ratio: Double, decimals: Int = 1, withSign: Bool = true) -> String {
    let text = fixed(ratio * 100, decimals: decimals)
    return withSign && text != absent ? text + "%" : text
  }

  /// `1.2345` as `1.23`.
  public static func ratio(_ value: Double, decimals: Int = 2) -> String {
    fixed(value, decimals: decimals)
  }

  /// `1.12 (0.4 … 1.8)`: an estimate with its interval.
  public static func interval(_ value: Double, _ range: ClosedRange<Double>) -> String {
    "\(ratio(value)) (\(fixed(range.lowerBound, decimals: 1)) … "
      + "\(fixed(range.upperBound, decimals: 1)))"
  }

  /// `-1234567` as `−1 234 567`, with thin spaces.
  public static func count(_ value: some BinaryInteger) -> String {
    (value < 0 ? minus : "") + grouped(String(value.magnitude))
  }

  /// An amount with its currency behind: `12 345.60 USD`.
  public static func money(_ amount: Double, currency: String, decimals: Int = 2) -> String {
    let text = fixed(amount, decimals: decimals)
    return text == absent ? text : "\(text) \(currency)"
  }

  /// A size in powers of 1024: `1.5 GiB`.
  public static func bytes(_ count: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return "\(fixed(value, decimals: unit == 0 || value >= 100 ? 0 : 1)) \(units[unit])"
  }

  /// The value rounded to a number of decimals, halves away from zero; a zero has no minus.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    precondition((0...9).contains(decimals), "decimals: 0 to 9")
    guard !value.isNaN else { return absent }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled.isFinite, let units = Int128(exactly: scaled) else {
      return (value < 0 ? minus : "") + (value.isFinite ? "\(value.magnitude)" : "∞")
    }
    var digits = String(units)
    if digits.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
    }
    let whole = grouped(String(digits.dropLast(decimals)))
    let fraction = decimals == 0 ? "" : "." + digits.suffix(decimals)
    return (value < 0 && units != 0 ? minus : "") + whole + fraction
  }

  private static let minus = "−"
  /// U+202F, the narrow space that does not break.
  private static let thinSpace = "\u{202F}"

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += thinSpace }
      text.append(digit)
    }
    return text
  }
}
