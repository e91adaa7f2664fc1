import Market
import Numerics
import Runtime

/// A strategy whose every position is protected by a plan of exits.
///
/// The exits stand as orders at the venue, so that they hold while the strategy is away, and are set anew
/// whenever a position changes.
public struct GuardedStrategy<Inner: Strategy>: Strategy {
  public let plan: ExitPlan
  public private(set) var inner: Inner
  private var guards: [Guard] = []

  /// What protects the position in one instrument.
  private struct Guard: Sendable {
    var orders: [OrderID] = []
    /// The position that they protect.
    var held = Quantity.zero
    var bars = 0
  }

  public init(_ inner: Inner, exits plan: ExitPlan) throws(SizingError) {
    try plan.check()
    self.inner = inner
    self.plan = plan
  }

  public var name: String { "\(inner.name) with exits" }
  public var model: ModelCredentials? { inner.model }
  public var models: [ModelCredentials] { inner.models }
  public var pace: GuestPace? { inner.pace }
  public var warmUp: Int { max(inner.warmUp, plan.rangeBars + 1) }

  public mutating func onStart(_ desk: inout Desk) {
    guards = Array(repeating: Guard(), count: desk.account.table.count)
    inner.onStart(&desk)
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    let place = bar.instrument.place
    if !desk.account.position(bar.instrument).isZero {
      guards[place].bars += 1
      if let most = plan.mostBars, guards[place].bars >= most {
        leave(bar.instrument, &desk)
        return
      }
      protect(bar.instrument, &desk)
    }
    inner.onBar(bar, &desk)
  }

  public mutating func onTrade(
    _ trade: Market.Trade, of instrument: InstrumentID, _ desk: inout Desk
  ) {
    inner.onTrade(trade, of: instrument, &desk)
  }

  public mutating func onFill(_ fill: Fill, _ desk: inout Desk) {
    let held = desk.account.position(fill.instrument)
    if held.sign != guards[fill.instrument.place].held.sign {
      guards[fill.instrument.place].bars = 0
    }
    protect(fill.instrument, &desk)
    inner.onFill(fill, &desk)
  }

  public mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) { inner.onTimer(timer, &desk) }

  /// Sets the exits anew where they do not fit the position.
  private mutating func protect(_ id: InstrumentID, _ desk: inout Desk) {
    let held = desk.account.position(id)
    let standing = guards[id.place].orders.filter { desk.account.orders[$0]?.state.isOver == false }
    if held == guards[id.place].held, !standing.isEmpty || held.isZero { return }
    for order in standing { desk.cancel(order) }
    guards[id.place].orders = []
    guards[id.place].held = held
    guard !held.isZero, let series = desk.histories.firstIndex(where: { $0.instrument == id })
    else { return }
    let entry = abs(Double(desk.account.ledger.cost(id))) / abs(Double(held))
    let exits: [OrderIntent]
    do throws(FixedPointError) {
      exits = try plan.exits(
        of: held, entry: entry / Double(desk.account.table[id].multiplier),
        desk.histories[series], tick: desk.account.table[id].tickSize)
    } catch {
      // A price beyond all reason: there is nothing to protect it with but leaving.
      leave(id, &desk)
      return
    }
    if !exits.isEmpty { guards[id.place].orders = desk.submitAlternatives(exits) }
  }

  private mutating func leave(_ id: InstrumentID, _ desk: inout Desk) {
    desk.hold(0, of: id)
    guards[id.place].orders = []
  }
}
