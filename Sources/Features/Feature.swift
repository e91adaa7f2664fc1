import Market

/// A number computed at each bar from that bar and earlier ones.
///
/// Batch and stream give the same bits. Before the look-back is full, and wherever an input is
/// missing or the result is not finite, the value is missing: the quiet NaN, never zero.
public protocol Feature: Sendable {
  associatedtype Stream: FeatureStream

  var about: FeatureDescription { get }
  /// The incremental form, at its beginning.
  func stream() -> Stream
  /// The batch form: a value for each bar.
  func column(over bars: BarColumns) -> Column<Double>
}

/// The incremental form of a feature: it is given each bar once, in order.
public protocol FeatureStream: Sendable {
  mutating func update(_ bar: BarValues) -> Double
}

/// What a person and a manifest need to know about a feature.
public struct FeatureDescription: Hashable, Sendable {
  public enum Family: String, Sendable { case momentum, trend, volatility, volume }
  public enum Unit: String, Sendable {
    case ratio, percent, price, index
    case standardDeviations = "standard deviations"
  }

  /// Unique in a set: `sma_20`.
  public let name: String
  /// Shared by the variants of one formula: `sma`.
  public let formula: String
  /// How many bars before a bar its value depends on at least: rows `0..<lookBack` are missing.
  public let lookBack: Int
  public let family: Family
  public let unit: Unit
  public let documentation: String

  public init(
    name: String, formula: String, lookBack: Int, family: Family, unit: Unit, documentation: String
  ) {
    precondition(lookBack >= 0, "a feature looks back, never forward")
    self.name = name
    self.formula = formula
    self.lookBack = lookBack
    self.family = family
    self.unit = unit
    self.documentation = documentation
  }
}

extension Double {
  /// The number, or the one quiet NaN where it is not finite.
  var orMissing: Double { isFinite ? self : .nan }
}
