import Runtime

// A denial in the words of reports and of docs/RISK.md.
extension Denial {
  /// What was found, with its figures.
  public var finding: String {
    let (found, allowed) = (code.unit.text(found), code.unit.text(allowed))
    return switch code.unit {
    case .none: code.finding
    default: "\(code.finding): \(found), allowed \(allowed)"
    }
  }

  public var remedy: String { code.remedy }
}

/// In which unit a denial's figures are.
enum DenialUnit {
  case none, part, amount, number, seconds, days

  func text(_ value: Double) -> String {
    switch self {
    case .none: ""
    case .part: NumberText.percent(value, withSign: false) + "%"
    case .amount, .number: NumberText.fixed(value, decimals: 2)
    case .seconds: NumberText.fixed(value, decimals: 1) + " s"
    case .days: NumberText.fixed(value, decimals: 0) + " days"
    }
  }
}

extension DenialCode {
  var unit: DenialUnit {
    switch self {
    case .cash, .leverage, .position, .sector, .turnover, .minimumPosition, .valueAtRisk,
      .offMarket,
      .dailyLoss, .weeklyLoss, .drawdown, .singleName, .capital:
      .part
    case .positionAmount, .orderAmount, .dailyLossAmount, .weeklyLossAmount, .drawdownAmount,
      .singleNameAmount:
      .amount
    case .offLot, .offTick, .shortSelling, .correlation, .orderQuantity, .tooManyMessages,
      .largerThanEntry, .lowConfidence, .wideInterval:
      .number
    case .duplicate, .stalePrice: .seconds
    default: .none
    }
  }
}
