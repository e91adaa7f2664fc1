import Features
import Market
import Numerics
import Runtime

/// Holds the symbols that rank highest, in equal parts, and exchanges a few at a bar.
///
/// At each instant, of those held and the best of the others taken together, the last `drop` are sold
/// where they are held, and the best of the others bought in their place: Qlib's `TopkDropout`. What
/// is held and had no bar at that instant is left alone.
public struct RankStrategy: Strategy {
  public let rules: Rules
  private let top, drop: Int
  private let rank: Int
  private let size: Int?
  private var streams = RuleStreams()
  /// By series.
  private var lines: [Line] = []
  private var isAwaited = false

  private struct Line {
    let instrument: InstrumentID
    /// Whether a bar became known at the present instant.
    var hasBar = false
    var isHeld = false
    var order: OrderID?
  }

  /// `nil` where the rules rank nothing.
  public init?(_ rules: Rules) {
    guard let rank = rules.output(.rank), let top = rules.file.top else { return nil }
    self.rules = rules
    self.rank = rank
    self.top = top
    drop = rules.file.drop ?? 1
    size = rules.output(.size)
  }

  public var name: String { rules.name }
  public var warmUp: Int { rules.lookBack + 1 }

  public mutating func onStart(_ desk: inout Desk) {
    streams = RuleStreams(rules, &desk)
    lines = desk.histories.map {
      Line(instrument: $0.instrument, isHeld: !desk.account.position($0.instrument).isZero)
    }
    isAwaited = false
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    streams.follow(bar.series, rules, &desk)
    lines[bar.series.place].hasBar = true
    guard !isAwaited else { return }
    // Due when all prices of this instant are known.
    desk.setTimer(TimerID(0), at: desk.now)
    isAwaited = true
  }

  public mutating func onTimer(_ timer: TimerID, _ desk: inout Desk) {
    isAwaited = false
    noticeRefusals(desk)
    let scores = lines.indices.map { lines[$0].hasBar ? streams[$0, rank] : .nan }
    let choice = Self.exchanges(
      scores: scores, isHeld: lines.map(\.isHeld), isThere: lines.map(\.hasBar), top: top,
      drop: drop)
    for place in choice.sold {
      lines[place].isHeld = false
      lines[place].order = desk.hold(0, of: lines[place].instrument)
    }
    for place in choice.bought {
      let part = size.map { streams[place, $0] } ?? 1
      guard part > 0 else { continue }
      lines[place].isHeld = true
      lines[place].order = desk.hold(
        min(part, 1) / Double(top), ofAccountIn: lines[place].instrument)
    }
    for place in lines.indices { lines[place].hasBar = false }
  }

  /// What could not be bought is not held.
  private mutating func noticeRefusals(_ desk: Desk) {
    for place in lines.indices
    where lines[place].isHeld && desk.account.position(lines[place].instrument).isZero {
      if let order = lines[place].order, desk.account.orders[order]?.state.isOver == false {
        continue
      }
      lines[place].isHeld = false
    }
  }

  /// Which places to sell and to buy. A symbol without a score is never bought, and ranks last where it
  /// is held.
  static func exchanges(
    scores: [Double], isHeld: [Bool], isThere: [Bool], top: Int, drop: Int
  ) -> (sold: [Int], bought: [Int]) {
    func ranked(_ places: [Int]) -> [Int] {
      // Missing last; of equals, the first.
      places.sorted { a, b in
        let (x, y) = (
          scores[a].isNaN ? -.infinity : scores[a], scores[b].isNaN ? -.infinity : scores[b]
        )
        return x == y ? a < b : x > y
      }
    }
    let held = isHeld.indices.filter { isHeld[$0] }
    let others = ranked(scores.indices.filter { !isHeld[$0] && !scores[$0].isNaN })
    let best = others.prefix(max(0, drop + top - held.count))
    let together = ranked(held.filter { isThere[$0] } + best)
    let sold = together.suffix(drop).filter { isHeld[$0] }
    return (sold, Array(others.prefix(max(0, sold.count + top - held.count))))
  }
}
