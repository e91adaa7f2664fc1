import Evidence
import Market
import Numerics
import Runtime

extension Appraisal {
  /// The figures in plain ratios, amounts in the account's currency; keys in the order people look.
  public func json(report: String?) -> JSON {
    func interval(_ range: ClosedRange<Double>) -> JSON {
      [JSON(range.lowerBound), JSON(range.upperBound)]
    }
    var json: JSON = [
      "strategy": JSON(result.strategy), "symbols": JSON(result.symbols.map { JSON($0.text) }),
      "start": JSON(result.day(result.start).description),
      "end": JSON(result.day(result.end).description),
      "bars": JSON(result.bars), "trades": JSON(result.trades.count),
      "exposure": JSON(exposure),
      "equity_final": JSON(Double(result.equity[result.bars - 1].equity)),
      "return": JSON(performance.totalReturn), "annual_return": JSON(performance.annualReturn),
      "annual_return_interval": interval(bootstrap.annualReturn),
      "annual_volatility": JSON(performance.annualVolatility),
      "sharpe": JSON(performance.sharpe), "sharpe_interval": interval(bootstrap.sharpe),
      "max_drawdown": JSON(performance.maxDrawdown),
      "max_drawdown_bars": JSON(performance.longestDrawdownBars),
      "win_rate": JSON(winRate), "profit_factor": JSON(profitFactor),
      "fees": JSON(Double(result.fees)), "turnover": JSON(turnover),
      "benchmark": JSON(benchmark.symbol?.text),
      "buy_and_hold": [
        "return": JSON(benchmarkPerformance.totalReturn),
        "annual_return": JSON(benchmarkPerformance.annualReturn),
        "sharpe": JSON(benchmarkPerformance.sharpe),
        "max_drawdown": JSON(benchmarkPerformance.maxDrawdown),
      ],
      "sharpe_difference_interval": interval(bootstrap.sharpeDifference),
      "doubled_costs": [
        "return": JSON(doubledCosts.totalReturn), "sharpe": JSON(doubledCosts.sharpe),
      ],
      "fragility": fragility.json, "diagnosis": JSON(observations.map(\.json)),
      "bars_per_year": JSON(annualisation.barsPerYear), "trials": JSON(luck?.settings),
      "seed": JSON(String(result.settings.seed)), "warnings": JSON(jumps.map { JSON($0.warning) }),
      "more_than_luck": .bool(isMoreThanLuck),
      "verdict": JSON(verdict.text), "report": JSON(report),
    ]
    if result.settings.limits != .research { json.append("risk", result.riskJSON) }
    return json
  }
}

extension BacktestResult {
  /// How often each limit held an order back or made it smaller, and which breakers tripped.
  fileprivate var riskJSON: JSON {
    func counts(isReduction: Bool) -> JSON {
      let held = heldBack.filter { $0.isReduction == isReduction }
      let counts = held.reduce(into: [UInt16: Int]()) {
        $0[$1.denial.code.rawValue, default: 0] += 1
      }
      return .object(
        counts.sorted { $0.key < $1.key }.compactMap { number, count in
          DenialCode(rawValue: number).map { JSON.Member("\($0)", JSON(count)) }
        })
    }
    return [
      "denied": counts(isReduction: false), "reduced": counts(isReduction: true),
      "breakers": JSON(
        breakers.map {
          [
            "name": JSON($0.name), "action": JSON($0.action.rawValue),
            "at": JSON($0.at.description),
            "finding": JSON($0.denial.finding),
          ]
        }),
    ]
  }
}
