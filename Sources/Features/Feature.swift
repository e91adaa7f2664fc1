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
  func column(over bars: BarColumns) throws(FeatureError) -> Column<Double>
}

/// The incremental form of a feature: it is given each bar once, in order.
public protocol FeatureStream {
  mutating func update(_ bar: BarValues) -> Double
}

/// What a person and a manifest need to know about a feature.
public struct FeatureDescription: Hashable, Sendable {
  public enum Family: String, Sendable, CaseIterable {
    case momentum, trend, volatility, volume, statistical, calendar, microstructure
    case priceAction = "price action"
    case crossSectional = "cross-sectional"
    /// Written by a person.
    case own = "your own"
  }

  public enum Unit: String, Sendable, CaseIterable {
    case ratio, percent, price, index, volume, money, bars, days, minutes
    case squaredPrice = "squared price"
    case standardDeviations = "standard deviations"
    case perMoney = "1 / money"
    /// Whatever the expression gives.
    case asWritten = "as written"
  }

  /// A number that tells the variants of a formula apart.
  public struct Parameter: Hashable, Sendable {
    public let name: String
    public let value: Double

    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Unique in a set: `sma_20`.
  public let name: String
  /// Shared by the variants of one formula: `sma`.
  public let formula: String
  public let parameters: [Parameter]
  /// How many bars before a bar its value depends on at least: rows `0..<lookBack` are missing.
  public let lookBack: Int
  public let family: Family
  public let unit: Unit
  public let documentation: String

  public init(
    name: String, formula: String, parameters: [Parameter] = [], lookBack: Int, family: Family,
    unit: Unit, documentation: String
  ) {
    precondition(lookBack >= 0, "a feature looks back, never forward")
    self.name = name
    self.formula = formula
    self.parameters = parameters
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
