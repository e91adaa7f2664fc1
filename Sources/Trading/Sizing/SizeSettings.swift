import Runtime

/// How much a position is given, as settings say it.
public struct SizeSettings: Configured, Hashable {
  public enum Name: String, ConfigurationChoice {
    /// An equal share for each instrument of the run.
    case share
    case kelly
    case volatilityTarget = "volatility_target"
    case fixedFraction = "fixed_fraction"
  }

  public var name = Name.share
  public var kellyFactor = 0.25
  public var winRate = 0.5
  public var payoff = 1.5
  public var annualVolatility = 0.15
  public var volatilityBars = 60
  public var fraction = 0.1

  public init() {}

  public static let schema = Schema<Self>("How much a position is given") {
    Field("rule", \.name, "How it is worked out")
    Field("kelly_factor", \.kellyFactor, in: 0.01...1, "Part of Kelly's bet")
    Field("win_rate", \.winRate, in: 0...1, "Part of trades that gain, for Kelly")
    Field("payoff", \.payoff, in: 0.01...100, "Mean gain over mean loss, for Kelly")
    Field("annual_volatility", \.annualVolatility, in: 0.01...2, "Aim of volatility_target")
    Field(
      "volatility_bars", \.volatilityBars, in: 2...10_000, unit: "bars",
      "What volatility is taken over")
    Field("fraction", \.fraction, in: 0.001...1, "Part of the account, for fixed_fraction")
  }

  /// In place of an instrument's share, where it is to be another.
  var rule: SizeRule? {
    switch name {
    case .share: nil
    case .kelly: .kelly(odds: TradeOdds(winRate: winRate, payoff: payoff), factor: kellyFactor)
    case .volatilityTarget: .volatilityTarget(annual: annualVolatility)
    case .fixedFraction: .fixedFraction(fraction)
    }
  }
}
