import Market
import Numerics
import Runtime

// Everything a run's orders depend on, as a recording keeps it.
extension BacktestSettings {
  public var json: JSON {
    var json: JSON = [
      "initial_cash": JSON(initialCash.description), "currency": JSON(currency),
      "calendar": JSON(calendar), "half_spread_bps": JSON(halfSpreadBasisPoints),
      "commission_bps": JSON(commissionBasisPoints), "cash_reserve": JSON(cashReserve),
      "timerange": JSON(range.description), "continuous": JSON(isContinuous),
      "slippage_ticks": JSON(slippageTicks), "fills_at_deciding_close": JSON(fillsAtDecidingClose),
      "leverage": JSON(leverage),
      "seed": JSON(String(seed)),
    ]
    if limits != .research {
      json.append("limits", limits.json)
    }
    if costs != CostSettings(halfSpread: costs.halfSpread, commission: costs.commission) {
      json.append("costs", costs.json)
    }
    if costMultiple != 1 { json.append("cost_multiple", JSON(costMultiple)) }
    if venue != VenueSettings() { json.append("venue", venue.json) }
    if exits.isOn { json.append("exits", exits.json) }
    if size != SizeSettings() { json.append("size", size.json) }
    if limits != .research || size.rule != nil { json.append("bars_per_day", JSON(barsPerDay)) }
    return json
  }

  init(_ json: JSON?) throws(RecordingError) {
    func text(_ key: String) throws(RecordingError) -> String {
      guard let value = json?[key]?.string else {
        throw .malformed("run.json", "settings.\(key)")
      }
      return value
    }
    func number(_ key: String) throws(RecordingError) -> Double {
      guard let value = json?[key]?.double else {
        throw .malformed("run.json", "settings.\(key)")
      }
      return value
    }
    self.init()
    let (cash, days) = (try text("initial_cash"), try text("timerange"))
    do { initialCash = try Cash(parsing: cash) } catch {
      throw .malformed("run.json", "an amount in settings.initial_cash")
    }
    do { range = days == TimeRange.all.description ? .all : try TimeRange(parsing: days) } catch {
      throw .malformed("run.json", "days in settings.timerange")
    }
    guard let seed = UInt64(try text("seed")) else {
      throw .malformed("run.json", "settings.seed")
    }
    self.seed = seed
    (currency, calendar) = (try text("currency"), try text("calendar"))
    halfSpreadBasisPoints = try number("half_spread_bps")
    commissionBasisPoints = try number("commission_bps")
    cashReserve = try number("cash_reserve")
    isContinuous = json?["continuous"] == .bool(true)
    slippageTicks = Int(json?["slippage_ticks"]?.whole ?? 0)
    fillsAtDecidingClose = json?["fills_at_deciding_close"] == .bool(true)
    leverage = json?["leverage"]?.double
    if let recorded = json?["limits"] {
      do throws(ConfigurationError) { limits = try RiskLimits(recorded) } catch {
        throw .malformed("run.json", "limits in settings.limits")
      }
    }
    costMultiple = json?["cost_multiple"]?.whole ?? 1
    do throws(ConfigurationError) {
      if let recorded = json?["costs"] { costs = try .recorded(recorded) }
      if let recorded = json?["venue"] { venue = try .recorded(recorded) }
      if let recorded = json?["exits"] { exits = try .recorded(recorded) }
      if let recorded = json?["size"] { size = try .recorded(recorded) }
    } catch {
      throw .malformed("run.json", "costs, venue, exits and sizes in settings")
    }
    if json?["bars_per_day"] != nil { barsPerDay = Int(try number("bars_per_day")) }
  }
}
