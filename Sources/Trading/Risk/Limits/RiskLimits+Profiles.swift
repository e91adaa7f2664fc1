import Market
import Numerics
import Runtime

extension RiskLimits {
  /// No limits but those of any venue: for ideas, which may put everything into one symbol.
  public static let research: RiskLimits = {
    var limits = RiskLimits()
    limits.cash.reserve = nil
    limits.leverage.gross = nil
    limits.position.most = nil
    limits.sector.most = nil
    limits.turnover.most = nil
    limits.correlation.most = nil
    limits.valueAtRisk.most = nil
    limits.order.collar = nil
    limits.messages.mostPerSecond = nil
    limits.messages.duplicateWindow = nil
    limits.data.oldest = nil
    limits.dailyLoss.part = nil
    limits.weeklyLoss.part = nil
    limits.drawdown.part = nil
    limits.singleName.part = nil
    limits.capital.least = nil
    limits.signal.leastConfidence = nil
    limits.signal.mostWidth = nil
    limits.provenance.certificate = false
    return limits
  }()

  /// Real money, as `production/config/risk_limits.yaml` has it.
  public static let production: RiskLimits = {
    var limits = RiskLimits()
    limits.cash.allowance = Rate(steps: Rate.stepsPerUnit / 200)
    limits.leverage.isAllowed = false
    limits.leverage.gross = .one
    limits.leverage.shortSelling = false
    limits.position.most = .percent(40)
    limits.position.least = .percent(5)
    limits.drawdown.part = .percent(15)
    limits.messages.mostPerSecond = 50
    limits.provenance.isRequired = true
    limits.provenance.oldestModel = .seconds(45 * 86_400)
    limits.provenance.oldestCertificate = .seconds(90 * 86_400)
    limits.sector.members = [
      "AMD", "ARM", "ASML", "AVGO", "INTC", "MU", "NVDA", "QCOM", "SMCI", "TSM",
    ].compactMap { name in
      Symbol(name).map { SectorMember(symbol: $0, sector: "semiconductors") }
    }
    return limits
  }()

  /// Nothing has to be worked out for an order: all that remains is what no venue could take.
  var isResearch: Bool { self == .research }
}
