import CSweepLanes
import Features
import Market
import Numerics
import Runtime

/// On which terms the bars of one symbol are traded without events: whole shares for cash, at prices that
/// are worked out once for all runs, by the functions that the venue uses.
struct VectorTerms: Sendable {
  /// Those that are traded.
  let bars: [martinet_bar_terms]
  let account: martinet_account_terms
  /// In steps.
  let capital: Int64

  /// `nil` where the account, its limits or its costs ask for more than this, or more than its words hold.
  init?(
    _ settings: BacktestSettings, _ market: BacktestMarket
  ) throws(BacktestError) {
    let rules = try settings.rules()
    let instrument = market.table[InstrumentID(0)]
    let whole = Quantity(steps: Quantity.stepsPerUnit)
    guard case .cash(settlementSessions: 0) = rules.buyingPower,
      case .part(let commission) = rules.costs.commission, settings.limits == .research,
      settings.isPlain, !settings.exits.isOn, settings.size.rule == nil, instrument.multiplier == 1,
      instrument.lotSize == whole
    else { return nil }
    let share = try settings.sizing(instruments: 1).share
    let (lane, rows) = (market.lanes[0].storage, market.rows[0])
    var bars: [martinet_bar_terms] = []
    bars.reserveCapacity(rows.count)
    var before: Price?
    do throws(FixedPointError) {
      for row in rows {
        let open = try Price(nearest: lane.open[row])
        let close = try Price(nearest: lane.close[row])
        // No price may be so small that it is nothing when exact.
        guard open > .zero, close > .zero else { return nil }
        let reference = rules.fillsAtDecidingClose ? before ?? open : open
        before = close
        let isFillable =
          row > rows.lowerBound && lane.knownAt[row - 1] <= lane.start[row]
          && !lane.place(of: row).contains(.outside)
        let volume = market.columns[0].volume[row]
        bars.append(
          martinet_bar_terms(
            close: close.steps,
            buying: max(try rules.costs.price(reference, .buy, .none), .step).steps,
            selling: max(try rules.costs.price(reference, .sell, .none), .step).steps,
            room: !isFillable
              ? -1
              : volume.isFinite ? Int64(min(volume * rules.volumeShare, 9e10)) : .max))
      }
    } catch {
      // Prices that cannot be counted are the engine's to refuse, where something is traded at them.
      return nil
    }
    capital = settings.initialCash.steps
    account = martinet_account_terms(
      share: share.steps, commission: commission.steps,
      highest_close: bars.lazy.map(\.close).max() ?? 0)
    guard bars.allSatisfy({ max($0.close, $0.buying, $0.selling) < 1 << 52 }),
      capital < (1 << 62) / Self.perStep,
      (0...Rate.stepsPerUnit).contains(share.steps),
      (0...Rate.stepsPerUnit).contains(commission.steps), bars.count < Int32.max
    else { return nil }
    self.bars = bars
  }

  /// Price steps of a share that make one step of cash.
  private static let perStep = Price.stepsPerUnit / Cash.stepsPerUnit

  /// What shares are worth at a price, in steps: to the nearest, of two to the even one.
  static func worth(_ shares: Int64, at price: Int64, and cash: Int64 = 0) -> Int64 {
    let value = price &* shares &+ cash &* perStep
    let (steps, rest) = value.quotientAndRemainder(dividingBy: perStep)
    return rest > perStep / 2 || (rest == perStep / 2 && steps & 1 != 0) ? steps + 1 : steps
  }
}
