import Runtime

/// Something about a run that a careful reader would ask about, with what shows it and what to do.
public struct Observation: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case fewTrades = "few_trades"
    case oneTrade = "one_trade_makes_the_result"
    case costs = "costs_eat_it"
    case tooGood = "too_good_to_be_true"
    case limitFills = "fills_at_limits"
    case stalePrices = "stale_prices"
    case idleMoney = "exposure_never_used"

    /// What it is, in plain words.
    public var title: String {
      switch self {
      case .fewTrades: "Too few trades to tell anything"
      case .oneTrade: "One trade makes the result"
      case .costs: "Costs eat the result"
      case .tooGood: "Too good to be true"
      case .limitFills: "Fills at limits that a queue may not give"
      case .stalePrices: "Traded on prices that had stopped"
      case .idleMoney: "Most of the account was never used"
      }
    }

    public var remedy: String {
      switch self {
      case .fewTrades:
        "take more years, more symbols or shorter windows before believing any figure"
      case .oneTrade:
        "look at that trade's prices; then see what is left on other symbols and other years"
      case .costs:
        "trade less often: longer windows, or changes only where they are worth what they cost"
      case .tooGood:
        "prove that nothing looks ahead: martinet prove; check the prices: martinet data check"
      case .limitFills:
        "see what is left with fills at the next open, and with a smaller part of the volume"
      case .stalePrices:
        "check these bars: martinet data check; leave out symbols that hardly trade"
      case .idleMoney:
        "judge the return by what was invested, or let one position take a larger part"
      }
    }
  }

  public let kind: Kind
  /// The figures that show it.
  public let evidence: String

  public init(_ kind: Kind, _ evidence: String) {
    self.kind = kind
    self.evidence = evidence
  }

  public var sentence: String { "\(kind.title): \(evidence). To do: \(kind.remedy)." }

  public var json: JSON {
    [
      "kind": JSON(kind.rawValue), "finding": JSON(kind.title), "evidence": JSON(evidence),
      "remedy": JSON(kind.remedy),
    ]
  }
}
