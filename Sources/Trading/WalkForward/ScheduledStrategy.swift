import Market
import Runtime

/// One strategy after another: each trades from its instant on, on what the one before left.
struct ScheduledStrategy: Strategy {
  let name: String
  let warmUp: Int
  private let schedule: [(from: Timestamp, strategy: AnyStrategy)]
  private var place = 0
  private var current: AnyStrategy

  /// - Parameter schedule: in the order of time, at least one
  init(name: String, _ schedule: [(from: Timestamp, strategy: AnyStrategy)]) {
    precondition(!schedule.isEmpty, "something trades")
    self.name = name
    self.schedule = schedule
    warmUp = schedule.reduce(0) { max($0, $1.strategy.warmUp) }
    current = schedule[0].strategy
  }

  var models: [ModelCredentials] { schedule.compactMap { $0.strategy.model } }
  var model: ModelCredentials? { models.first }

  mutating func onStart(_ desk: inout Desk) { current.onStart(&desk) }

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    while place + 1 < schedule.count, schedule[place + 1].from <= bar.bar.knownAt {
      place += 1
      current = schedule[place].strategy
      // From here on another model stands behind the orders.
      if current.model != nil, desk.provenance != nil { desk.provenance = ProvenanceID(place) }
      current.onStart(&desk)
    }
    current.onBar(bar, &desk)
  }

  mutating func onFill(_ fill: Fill, _ desk: inout Desk) { current.onFill(fill, &desk) }
  mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) { current.onTimer(timer, &desk) }
}
