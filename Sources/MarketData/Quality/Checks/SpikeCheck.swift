import Foundation
import Market
import Runtime

/// Prices that stand alone, and moves beyond the usual.
enum SpikeCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    subject.spikes.spikes.map { spike($0, subject) } + outlying(subject)
  }

  private static func spike(_ spike: SpikeSearch.Spike, _ subject: Subject) -> Finding {
    let start = subject.bars.batch.start[spike.row]
    let (value, before, after) = (
      FindingWords.price(spike.value), FindingWords.price(spike.before),
      FindingWords.price(spike.after)
    )
    return subject.finding(
      .priceSpike, at: start,
      "\(subject.time(start)): \(spike.price.rawValue) \(value) between \(before) before and \(after) "
        + "after (\(FindingWords.move(spike.size)) and back)")
  }

  private static func outlying(_ subject: Subject) -> [Finding] {
    let moves = subject.spikes.outlying
    guard moves.count > 0, let largest = moves.largestRow else { return [] }
    let start = subject.bars.batch.start[largest]
    let limit = FigureText.fixed(subject.thresholds.outlierDeviations, decimals: 1)
    return [
      subject.finding(
        .outlyingMoves, at: start, count: moves.count,
        "\(FigureText.count(moves.count)) of \(FigureText.count(moves.seen)) moves beyond \(limit) robust "
          + "deviations; the largest \(FindingWords.move(log(1 + moves.largest))) at "
          + subject.time(start))
    ]
  }
}

/// Looks for prices that stand far from those before and after them, which agree.
///
/// A close is compared with the close before and the open after it: what is real trades on into the
/// next bar, what is a misprint is gone at once, so that a crash that recovers within the next day
/// is none.
struct SpikeSearch {
  enum Price: String { case open, high, low, close }

  struct Spike {
    let row: Int
    let price: Price
    let value, before, after: Double
    /// The logarithm of the value over what is around it.
    let size: Double
  }

  struct Outlying {
    var count = 0
    var seen = 0
    var largest = 0.0
    var largestRow: Int?
  }

  struct Result {
    var spikes: [Spike] = []
    var outlying = Outlying()

    var rows: Set<Int> { Set(spikes.map(\.row)) }
  }

  private let bars: OrderedBars
  private let context: QualityContext
  private let prices: Prices
  private var moves: RollingMedian
  private var volumes: RollingMedian
  private var result = Result()
  /// Distances below it are never looked at: for closes, and for what moves more freely.
  private let closeFloor: Double
  private let freeFloor: Double

  static func run(_ bars: OrderedBars, _ context: QualityContext) -> Result {
    guard let prices = Prices(bars.batch) else { return Result() }
    var search = SpikeSearch(bars, context, prices)
    search.look()
    return search.result
  }

  private init(_ bars: OrderedBars, _ context: QualityContext, _ prices: Prices) {
    self.bars = bars
    self.context = context
    self.prices = prices
    moves = RollingMedian(window: context.thresholds.window)
    volumes = RollingMedian(window: context.thresholds.window)
    let size =
      bars.batch.interval.isIntraday
      ? context.thresholds.spikeWithinDay : context.thresholds.spikeOfDay
    closeFloor = log(1 + size)
    freeFloor = log(1 + size * 2)
  }

  private mutating func look() {
    var usable = 0..<bars.batch.count
    // The last two usable rows: one is judged when its follower is known.
    var before: Int?
    var current: Int?
    while let row = usable.popFirst() {
      guard prices.isUsable(row) else { continue }
      if let current { judge(current, after: before, before: row) }
      before = current
      current = row
    }
    if let current { judge(current, after: before, before: nil) }
  }

  private mutating func judge(_ row: Int, after before: Int?, before next: Int?) {
    let close = prices.close[row]
    if let before {
      let move = close / prices.close[before] - 1
      note(move, row)
      if let next, let spike = spike(row, before, next) { result.spikes.append(spike) }
      moves.add(move)
    }
    if let volume = prices.volume?[row], volume > 0 { volumes.add(volume) }
  }

  /// Counts a move beyond the usual.
  private mutating func note(_ move: Double, _ row: Int) {
    guard moves.count >= min(20, moves.window) else { return }
    result.outlying.seen += 1
    let deviation = moves.deviation
    guard deviation > 0,
      abs(move - moves.median) > context.thresholds.outlierDeviations * deviation
    else { return }
    result.outlying.count += 1
    if abs(move) > abs(result.outlying.largest) || result.outlying.largestRow == nil {
      result.outlying.largest = move
      result.outlying.largestRow = row
    }
  }

  private func spike(_ row: Int, _ before: Int, _ next: Int) -> Spike? {
    let (previous, following) = (prices.close[before], prices.open[next])
    let (open, high, low, close) = (
      prices.open[row], prices.high[row], prices.low[row], prices.close[row]
    )
    let candidates: [(Price, Double, Double, Double, Double)?] = [
      between(.close, close, previous, following, floor: closeFloor),
      between(.open, open, previous, close, floor: freeFloor),
      beyond(.high, high, max(max(open, close), max(previous, following)), previous, following),
      beyond(.low, low, min(min(open, close), min(previous, following)), previous, following),
    ]
    for case (let price, let value, let before, let after, let size)? in candidates
    where isFar(size) && !isEvent(row, size, price) {
      return Spike(
        row: row, price: price, value: value, before: before, after: after, size: size)
    }
    return nil
  }

  /// A price that both neighbours contradict in the same direction while they agree themselves.
  private func between(
    _ price: Price, _ value: Double, _ before: Double, _ after: Double, floor: Double
  ) -> (Price, Double, Double, Double, Double)? {
    // Quotients first: logarithms of every bar would cost more than all the rest.
    let (there, back) = (value / before, after / value)
    guard (there > 1) != (back > 1), abs(there - 1) > closeFloor / 2 else { return nil }
    let (rise, fall) = (log(there), log(back))
    let smaller = min(abs(rise), abs(fall))
    guard smaller >= floor, abs(rise + fall) <= smaller / 4 else { return nil }
    return (price, value, before, after, rise)
  }

  /// An extreme that stands far outside all prices around it.
  private func beyond(
    _ price: Price, _ value: Double, _ nearest: Double, _ before: Double, _ after: Double
  ) -> (Price, Double, Double, Double, Double)? {
    guard abs(value / nearest - 1) > freeFloor / 2 else { return nil }
    let size = log(value / nearest)
    guard abs(size) >= freeFloor, (price == .high) == (size > 0) else { return nil }
    return (price, value, before, after, size)
  }

  private func isFar(_ size: Double) -> Bool {
    guard moves.count >= 5 else { return true }
    return abs(size) > context.thresholds.spikeDeviations * moves.deviation
  }

  /// Volume or peers show that something happened. Halving and doubling are beyond any event.
  private func isEvent(_ row: Int, _ size: Double, _ price: Price) -> Bool {
    if abs(size) >= log(2) { return false }
    if let volume = prices.volume?[row], volumes.median > 0,
      volume > context.thresholds.eventTurnover * volumes.median
    {
      return true
    }
    guard price == .close, !bars.batch.interval.isIntraday else { return false }
    let date = context.zone.date(at: Timestamp(nanoseconds: bars.batch.start[row]))
    guard let peers = context.peers.median(on: date, without: bars.batch.symbol) else {
      return false
    }
    return (peers > 0) == (size > 0) && abs(peers) > abs(size) / 4
  }
}
