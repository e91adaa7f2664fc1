import Evidence
import Market
import Numerics
import Runtime

/// What came of one setting.
public struct SweepOutcome: Hashable, Sendable {
  /// Ratios of the whole run, as `Performance` has them; the Sharpe ratio is of a year, and there is none
  /// where the account never moved.
  public var totalReturn: Double
  public var sharpe: Double?
  public var maxDrawdown: Double
  /// The account at the end, exact.
  public var equity: Cash
  public var fees: Cash
  /// Round trips, one still open included.
  public var trades: Int
  /// The part of the bars at whose end something was held.
  public var exposure: Double
  /// Computed without events; otherwise the engine ran.
  public var isVectorised: Bool

  var json: JSON {
    [
      "return": JSON(totalReturn), "sharpe": JSON(sharpe), "max_drawdown": JSON(maxDrawdown),
      "equity_final": JSON(Double(equity)), "fees": JSON(Double(fees)), "trades": JSON(trades),
      "exposure": JSON(exposure), "vectorised": JSON(isVectorised),
    ]
  }

  init?(_ json: JSON) {
    guard let totalReturn = json["return"]?.double, let drawdown = json["max_drawdown"]?.double,
      let equity = Self.cash(json["equity_final"]), let fees = Self.cash(json["fees"]),
      let trades = json["trades"]?.whole, let exposure = json["exposure"]?.double,
      case .bool(let isVectorised)? = json["vectorised"]
    else { return nil }
    self.init(
      totalReturn: totalReturn, sharpe: json["sharpe"]?.double, maxDrawdown: drawdown,
      equity: equity, fees: fees, trades: Int(trades), exposure: exposure,
      isVectorised: isVectorised)
  }

  private init(
    totalReturn: Double, sharpe: Double?, maxDrawdown: Double, equity: Cash, fees: Cash,
    trades: Int, exposure: Double, isVectorised: Bool
  ) {
    self.totalReturn = totalReturn
    self.sharpe = sharpe
    self.maxDrawdown = maxDrawdown
    self.equity = equity
    self.fees = fees
    self.trades = trades
    self.exposure = exposure
    self.isVectorised = isVectorised
  }

  private static func cash(_ json: JSON?) -> Cash? {
    guard let value = json?.double else { return nil }
    do { return try Cash(nearest: value) } catch { return nil }
  }
}

/// One setting's run: the figures, and what the account returned in each bar.
struct SweepRun: Sendable {
  var outcome: SweepOutcome
  var returns: [Double]
}

extension SweepOutcome {
  /// Of the account's values, beginning with the capital.
  fileprivate init(
    _ performance: Performance, equity: Cash, fees: Cash, trades: Int, barsHeld: Int,
    isVectorised: Bool
  ) {
    self.init(
      totalReturn: performance.totalReturn, sharpe: performance.sharpe,
      maxDrawdown: performance.maxDrawdown, equity: equity, fees: fees, trades: trades,
      exposure: Double(barsHeld) / Double(performance.returns.count), isVectorised: isVectorised)
  }
}

extension SweepRun {
  init(_ run: VectorRun, _ market: VectorMarket, barsPerYear: Double) throws(FixedPointError) {
    let values =
      [Double(market.settings.initialCash)] + market.equity(of: run).map { Double($0) }
    let performance = Performance(values: values, barsPerYear: barsPerYear)
    var fees = Cash.zero
    for fill in market.fills(of: run) { fees = try fees.adding(fill.commission) }
    let held = market.stretches(of: run).filter { $0.state.shares != 0 }
    outcome = SweepOutcome(
      performance, equity: run.finalEquity, fees: fees, trades: run.purchases,
      barsHeld: held.reduce(0) { $0 + $1.places.count }, isVectorised: true)
    returns = performance.returns
  }

  init(_ result: BacktestResult, barsPerYear: Double) {
    let performance = Performance(values: result.values, barsPerYear: barsPerYear)
    outcome = SweepOutcome(
      performance, equity: result.equity[result.bars - 1].equity, fees: result.fees,
      trades: result.trades.count, barsHeld: result.equity.count { $0.exposure != 0 },
      isVectorised: false)
    returns = performance.returns
  }

  /// Nothing was ever bought.
  init(idleFor bars: Int, capital: Cash, isVectorised: Bool) {
    let performance = Performance(
      values: Array(repeating: Double(capital), count: bars + 1), barsPerYear: 1)
    outcome = SweepOutcome(
      performance, equity: capital, fees: .zero, trades: 0, barsHeld: 0, isVectorised: isVectorised)
    returns = performance.returns
  }
}
