import Market
import Runtime

/// A strategy that hears of every bar one bar late: it decides on what was known then, and what it orders
/// is sized and sent now.
struct DelayedStrategy: Strategy {
  private var base: AnyStrategy
  /// Bars of the last instant, of which it has not heard yet.
  private var waiting: [BarOfSeries] = []
  private var heardAt = Timestamp(nanoseconds: .min)
  /// Bars that it knows of.
  private var histories: [BarHistory] = []

  init(_ base: AnyStrategy) { self.base = base }

  var name: String { base.name }
  var warmUp: Int { base.warmUp + 1 }
  var model: ModelCredentials? { base.model }
  var models: [ModelCredentials] { base.models }

  mutating func onStart(_ desk: inout Desk) {
    histories = desk.histories
    base.onStart(&desk)
  }

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    if desk.now > heardAt {
      heardAt = desk.now
      for late in waiting { histories[late.series.place].append(late.bar) }
      swap(&desk.histories, &histories)
      for late in waiting { base.onBar(late, &desk) }
      swap(&desk.histories, &histories)
      waiting.removeAll(keepingCapacity: true)
    }
    waiting.append(bar)
  }

  mutating func onFill(_ fill: Fill, _ desk: inout Desk) { base.onFill(fill, &desk) }
  mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) { base.onTimer(timer, &desk) }
}
