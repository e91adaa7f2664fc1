/// An amount of memory as people write it: `512MB`, `2GiB`.
public struct MemorySize: Hashable, Comparable, Sendable {
  public let byteCount: UInt64

  public init(byteCount: UInt64) { self.byteCount = byteCount }

  /// Powers of a thousand, and of 1024.
  private static let units: [(name: String, byteCount: UInt64)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
  ]

  public static func < (a: Self, b: Self) -> Bool { a.byteCount < b.byteCount }
}

extension MemorySize: ConfigurationText {
  public static var expected: String { "an amount of memory as 512MB or 2GiB" }
  public static var jsonSchema: JSON {
    ["type": "string", "pattern": "^[0-9]+(B|[KMGT]B|[KMGT]iB)$"]
  }

  public var configurationText: String {
    for unit in Self.units.prefix(4).reversed()
    where byteCount > 0 && byteCount.isMultiple(of: unit.byteCount) {
      return "\(byteCount / unit.byteCount)\(unit.name)"
    }
    return "\(byteCount)B"
  }

  public static func read(text: String) throws(ConfigurationRefusal) -> MemorySize {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let name = text.dropFirst(digits.count).uppercased()
    guard let count = UInt64(digits), count > 0,
      let unit = units.first(where: { $0.name.uppercased() == name })
    else {
      throw ConfigurationRefusal(
        finding: "\(expected) was expected, not \(Excerpt.quoted(text))",
        remedy: "write a whole number and its unit, as in 512MB")
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.byteCount)
    guard !overflow else {
      throw ConfigurationRefusal(
        finding: "\(Excerpt.quoted(text)) is more than any machine has",
        remedy: "write less, as in 512MB")
    }
    return MemorySize(byteCount: bytes)
  }
}
