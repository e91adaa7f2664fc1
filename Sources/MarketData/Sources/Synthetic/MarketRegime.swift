import Market
import Numerics

/// How a market behaves for some weeks or months.
public enum MarketRegime: String, CaseIterable, Sendable {
  case bull
  case bear
  case volatile
  case range

  /// Of the logarithm of the price, a year.
  var drift: Double {
    switch self {
    case .bull: 0.20
    case .bear: -0.25
    case .volatile, .range: 0
    }
  }

  /// Standard deviation of returns, a year.
  var volatility: Double {
    switch self {
    case .bull: 0.16
    case .bear: 0.28
    case .volatile: 0.45
    case .range: 0.11
    }
  }

  /// Which part of its distance from where the regime began the price goes back in a session.
  var reversion: Double { self == .range ? 0.15 : 0 }

  /// A Markov chain over `regimes`, one a session: each lasts `meanSessions` on average, and any
  /// other may follow.
  static func chain(
    _ regimes: [MarketRegime], meanSessions: Double, sessions: Int, stream: RandomStream
  ) -> [MarketRegime] {
    var stream = stream
    var current = regimes[stream.index(below: regimes.count)]
    return (0..<sessions).map { index in
      if index > 0, regimes.count > 1, stream.uniform() < 1 / meanSessions {
        let others = regimes.filter { $0 != current }
        current = others[stream.index(below: others.count)]
      }
      return current
    }
  }
}
