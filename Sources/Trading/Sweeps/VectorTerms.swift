import Features
import Market
import Numerics
import Runtime

/// On which terms the bars of one symbol are traded without events: whole shares for cash, at prices that
/// are worked out once for all runs, by the functions that the venue uses.
struct VectorTerms: Sendable {
  /// What a run asks of a bar, in steps and side by side: a run looks at one bar in many, and each look
  /// waits for memory once.
  struct Bar: BitwiseCopyable {
    let close: Int64
    /// What a purchase pays and what a sale gets, costs included.
    let buying, selling: Int64
    /// How much of it the venue lets one account have; below zero where what was ordered at the close
    /// before is not filled at this bar's open.
    let room: Int64
  }

  let money: WordMoney
  /// Those that are traded.
  let bars: [Bar]
  let highestClose: Int64

  /// `nil` where the account, its limits or its costs ask for more than this.
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
    money = WordMoney(share: try settings.sizing(instruments: 1).share, commission: commission)
    let (lane, rows) = (market.lanes[0].storage, market.rows[0])
    var (opens, closes, rooms): ([Price], [Price], [Int64]) = ([], [], [])
    var bars: [Bar] = []
    do throws(FixedPointError) {
      for row in rows {
        opens.append(try Price(nearest: lane.open[row]))
        closes.append(try Price(nearest: lane.close[row]))
        let isFillable =
          row > rows.lowerBound && lane.knownAt[row - 1] <= lane.start[row]
          && !lane.place(of: row).contains(.outside)
        let volume = market.columns[0].volume[row]
        rooms.append(
          !isFillable
            ? -1
            : volume.isFinite
              ? try Quantity(nearest: min(volume * rules.volumeShare, 9e10), rounding: .down)
                .rounded(toLot: whole).steps : .max)
      }
      for place in opens.indices {
        let reference =
          rules.fillsAtDecidingClose && place > 0 ? closes[place - 1] : opens[place]
        bars.append(
          Bar(
            close: closes[place].steps,
            buying: max(try rules.costs.price(reference, .buy, .none), .step).steps,
            selling: max(try rules.costs.price(reference, .sell, .none), .step).steps,
            room: rooms[place]))
      }
    } catch {
      // Prices that cannot be counted are the engine's to refuse, where something is traded at them.
      return nil
    }
    // No price may be so small that it is nothing when exact.
    guard !opens.contains(.zero), !closes.contains(.zero) else { return nil }
    highestClose = closes.max()?.steps ?? 0
    self.bars = bars
  }
}
