import Market
import Numerics
import Runtime

/// A limit that was broken, and what that leads to until it is set back.
public struct Breaker: Hashable, Sendable {
  public let limit: RiskLimit
  public let denial: Denial
  public let action: RiskAction
  public let recovery: RiskRecovery
  /// Where it is one name's.
  public let instrument: InstrumentID?
  public let at: Timestamp

  /// `drawdown`, or `single_name 3`, by which journals name it.
  public var name: String { limit.key + (instrument.map { " \($0.index)" } ?? "") }

  /// The whole feed is silent.
  var isOfFeed: Bool { limit == .data && instrument == nil && recovery == .automatic }
}

/// What the gate has to tell the engine, which journals it and acts on it.
enum RiskNews: Hashable, Sendable {
  case tripped(Breaker)
  case recovered(Breaker)
}

/// What the gate must remember over a restart: what the account was worth, what was traded today, and
/// which breakers have tripped.
public struct RiskMemory: Hashable, Sendable {
  /// Worth when the account began, at its best, and when the day and the week began.
  public internal(set) var start = Cash.zero
  public internal(set) var best = Cash.zero
  public internal(set) var dayStart = Cash.zero
  public internal(set) var weekStart = Cash.zero
  /// Worth when it was looked at last.
  public internal(set) var latest = Cash.zero
  public internal(set) var day: CivilDate?
  /// Worth of what was bought and sold today.
  public internal(set) var traded = Cash.zero
  public internal(set) var breakers: [Breaker] = []
  /// A person has stopped everything.
  public internal(set) var isKilled = false
  /// A person has asked for every position to be closed.
  public internal(set) var isClosing = false
  /// The price from which a name's loss is counted since a person let it trade again; zero for its cost.
  var approvedPrices: [Price] = []

  public init() {}

  /// Nothing leaves but cancels.
  public var isHalted: Bool { isKilled || breakers.contains { $0.action == .halt } }
  /// Only what makes a position smaller leaves.
  public var isReducing: Bool { breakers.contains { $0.instrument == nil } }
  func breaker(of instrument: InstrumentID) -> Breaker? {
    breakers.first { $0.instrument == nil || $0.instrument == instrument }
  }

  /// A person lets it trade again: losses are counted from here on.
  mutating func approve(_ marks: [Price]) {
    for breaker in breakers {
      switch breaker.limit {
      case .dailyLoss: dayStart = latest
      case .weeklyLoss: weekStart = latest
      case .drawdown: best = latest
      case .capital: start = latest
      case .singleName:
        if let place = breaker.instrument?.place, approvedPrices.indices.contains(place) {
          approvedPrices[place] = marks[place]
        }
      default: break
      }
    }
    breakers.removeAll(keepingCapacity: true)
    (isKilled, isClosing) = (false, false)
  }
}
