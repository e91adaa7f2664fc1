import Market
import Numerics
import Runtime

/// How much of the account a signal is given.
public enum SizeRule: Hashable, Sendable {
  /// A part of the bet that would make capital grow fastest if the odds were right (Kelly 1956), which
  /// they never quite are; scaled by how sure the signal is.
  case kelly(odds: TradeOdds, factor: Double = 0.25)
  /// So much that the position alone moves the account by `annual` a year.
  case volatilityTarget(annual: Double = 0.15)
  /// The same part always.
  case fixedFraction(Double)
  /// An equal part for each of so many names.
  case equalWeight(names: Int)

  /// The part of the account, −1 to 1; nothing where it cannot be known.
  ///
  /// - Parameter volatility: of the instrument, a year
  public func part(for signal: Signal, volatility: Double?) -> Double {
    let wanted = signal.target
    guard wanted.isFinite else { return 0 }
    let size: Double
    switch self {
    case .kelly(let odds, let factor):
      size = factor * odds.kelly * (signal.confidence ?? 1)
    case .volatilityTarget(let annual):
      guard let volatility, volatility > 0 else { return 0 }
      size = annual / volatility
    case .fixedFraction(let part): size = part
    case .equalWeight(let names): size = 1 / Double(max(1, names))
    }
    guard size.isFinite, size > 0 else { return 0 }
    return min(1, max(-1, wanted)) * min(1, size)
  }

  /// Refuses a rule that cannot be meant.
  public func check() throws(SizingError) {
    func part(_ name: String, _ value: Double) throws(SizingError) {
      guard value > 0, value <= 1 else {
        throw .parameter(name, "\(value)", expected: "a part above 0, at most 1")
      }
    }
    switch self {
    case .kelly(let odds, let factor):
      try part("factor", factor)
      guard (0...1).contains(odds.winRate), odds.payoff > 0 else {
        throw .parameter(
          "odds", "\(odds.winRate), \(odds.payoff)",
          expected: "a part of trades that gain, and a payoff above 0")
      }
    case .volatilityTarget(let annual): try part("volatility target", annual)
    case .fixedFraction(let fraction): try part("fraction", fraction)
    case .equalWeight(let names):
      guard names > 0 else {
        throw .parameter("names", "\(names)", expected: "a number of names above 0")
      }
    }
  }
}

/// How trades of a kind have gone.
public struct TradeOdds: Hashable, Sendable {
  /// The part of them that gained.
  public var winRate: Double
  /// The mean gain over the mean loss.
  public var payoff: Double

  public init(winRate: Double, payoff: Double) {
    self.winRate = winRate
    self.payoff = payoff
  }

  /// Of closed round trips; `nil` where none gained or none lost.
  public init?(_ trips: [RoundTrip]) {
    let profits = trips.filter { !$0.isOpen }.map(\.profitRatio)
    let (gains, losses) = (profits.filter { $0 > 0 }, profits.filter { $0 < 0 })
    guard !gains.isEmpty, !losses.isEmpty else { return nil }
    winRate = Double(gains.count) / Double(gains.count + losses.count)
    payoff =
      gains.reduce(0, +) / Double(gains.count) / (-losses.reduce(0, +) / Double(losses.count))
  }

  /// The part of the capital to bet: p − (1 − p) / b, never less than nothing.
  public var kelly: Double { max(0, winRate - (1 - winRate) / payoff) }
}

extension BarHistory {
  /// The deviation of the last `bars` returns, for so many bars a year; `nil` where fewer are known.
  public func volatility(bars: Int, barsPerYear: Double) -> Double? {
    guard bars > 1, let closes = closes(last: bars + 1) else { return nil }
    let returns = zip(closes.dropFirst(), closes).map { $0 / $1 - 1 }
    let mean = returns.reduce(0, +) / Double(bars)
    let squares = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(bars - 1) * barsPerYear).squareRoot()
  }
}

extension Desk {
  /// Orders what is missing to hold what the rule gives to a signal, and takes back what was ordered of
  /// the instrument before.
  public mutating func hold(_ signal: Signal, by rule: SizeRule, volatility: Double? = nil) {
    let part = rule.part(for: signal, volatility: volatility)
    order(part, of: signal.instrument, share: Rate(steps: Rate.stepsPerUnit)) { side, quantity, _ in
      signal.intent(side, quantity)
    }
  }
}
