import Market
import Numerics
import Runtime

extension BacktestSettings {
  /// The same for a market, whose days are so many bars long.
  func counting(_ market: BacktestMarket) -> BacktestSettings {
    var counted = self
    counted.barsPerDay = market.calendar.barsPerSession(market.frames[0].interval)
    return counted
  }

  /// A gate for these limits, which knows the days before the first.
  func gate(
    _ table: InstrumentTable, _ histories: [BarHistory]
  ) throws(BacktestError) -> RiskGate {
    guard limits != .research else { return RiskGate() }
    var gate: RiskGate
    let zone = isContinuous ? Zone.utc : try tradingCalendar().zone
    do throws(RiskLimitsError) {
      gate = try RiskGate(limits, table, equity: initialCash, zone: zone)
    } catch {
      throw .limits(error)
    }
    gate.learn(days: closes(of: histories, instruments: table.count))
    return gate
  }

  /// The last close of each day that is known, the oldest first, by instrument.
  private func closes(of histories: [BarHistory], instruments: Int) -> [[Double]] {
    let most = max(limits.valueAtRisk.days, limits.correlation.days) + 1
    let days = min(most, (histories.map(\.count).max() ?? 0) / barsPerDay)
    return (0..<days).reversed().map { day in
      var closes = [Double](repeating: .nan, count: instruments)
      for history in histories where history.count > day * barsPerDay {
        closes[history.instrument.place] = history.close[history.count - 1 - day * barsPerDay]
      }
      return closes
    }
  }

  /// The exits there are, if any.
  func plannedExits() throws(BacktestError) -> ExitPlan? {
    guard exits.isOn else { return nil }
    do { try exits.check() } catch { throw .sizing(error) }
    return exits
  }

  func guarded<S: Strategy>(
    _ strategy: S, _ exits: ExitPlan
  ) throws(BacktestError) -> GuardedStrategy<S> {
    do { return try GuardedStrategy(strategy, exits: exits) } catch { throw .sizing(error) }
  }
}
