import Foundation
import Market
import Runtime

/// Changes bars as it is told and says what it changed, so exactly that it can be undone.
public struct Cleaner: Sendable {
  public struct Cleaned: Sendable {
    public let bars: BarBatch
    /// In the order of the steps.
    public let counts: [CleaningCount]
    /// What prices are adjusted for now.
    public let adjustment: BarDeclaration.Adjustment?
    /// What undoes all of it.
    public let changes: BarChanges
  }

  public let steps: [CleaningStep]
  public let context: QualityContext

  public init(_ steps: [CleaningStep], in context: QualityContext) {
    self.steps = steps
    self.context = context
  }

  /// The bars after every step, in the order in which the steps were given.
  public func clean(_ batch: BarBatch) throws(CleaningError) -> Cleaned {
    for row in 1..<max(1, batch.count) where batch.start[row - 1] >= batch.start[row] {
      throw .disorder(symbol: batch.symbol, row: row)
    }
    var state = State(batch: batch, context: context)
    var counts: [CleaningCount] = []
    for step in steps { counts.append(try state.take(step)) }
    return Cleaned(
      bars: state.batch, counts: counts, adjustment: state.context.adjustment,
      changes: BarChanges(from: batch, to: state.batch))
  }

  struct State {
    var batch: BarBatch
    var context: QualityContext

    mutating func take(_ step: CleaningStep) throws(CleaningError) -> CleaningCount {
      var count = CleaningCount(step)
      switch step {
      case .regularHours: count.dropped = keep(rowsInSession())
      case .drop: count.dropped = keep(soundRows())
      case .fill(let limit): (count.inserted, count.changed) = fill(limit: limit)
      case .winsorise(let deviations): count.changed = winsorise(deviations)
      case .adjust(let dividends, let asOf):
        try allow(from: dividends ? [BarDeclaration.Adjustment.none, .splits] : [.none])
        count.changed = multiply(dividends: dividends, asOf: asOf, isUndone: false)
      case .unadjust(let dividends, let asOf):
        try allow(from: [dividends ? .splitsAndDividends : .splits])
        count.changed = multiply(dividends: dividends, asOf: asOf, isUndone: true)
      }
      return count
    }

    /// Refuses to adjust twice, or what nobody said the adjustment of.
    private func allow(from allowed: [BarDeclaration.Adjustment]) throws(CleaningError) {
      guard let adjustment = context.adjustment, allowed.contains(adjustment) else {
        throw .wrongAdjustment(
          symbol: batch.symbol, is: context.adjustment?.rawValue,
          needed: allowed.map(\.rawValue).joined(separator: " or "))
      }
    }

    /// Keeps these rows and says how many are gone.
    private mutating func keep(_ rows: [Int]) -> Int {
      let dropped = batch.count - rows.count
      if dropped > 0 { batch = batch.taking(rows) }
      return dropped
    }
  }
}

// Rows that go.
extension Cleaner.State {
  func rowsInSession() -> [Int] {
    guard batch.interval.isIntraday else { return Array(0..<batch.count) }
    return OrderedBars(batch, calendar: context.calendar, zone: context.zone).days.flatMap { day in
      guard let session = day.session else { return day.isKnown ? [] : Array(day.rows) }
      let range = session.open.nanoseconds..<session.close.nanoseconds
      return day.rows.filter { range.contains(batch.start[$0]) }
    }
  }

  func soundRows() -> [Int] {
    guard let prices = Prices(batch) else { return Array(0..<batch.count) }
    let step = Rounding.step(of: prices)
    return OrderedBars(batch, calendar: context.calendar, zone: context.zone).days.flatMap { day in
      day.isKnown && day.session == nil
        ? [] : day.rows.filter { isSound($0, prices, rounding: step) }
    }
  }

  private func isSound(_ row: Int, _ prices: Prices, rounding: Double) -> Bool {
    guard prices.isUsable(row) else { return false }
    let (open, close) = (prices.open[row], prices.close[row])
    let beyond = max(
      max(open, close) - prices.high[row], prices.low[row] - min(open, close))
    return beyond <= max(rounding * 1.01, prices.high[row] * 1e-6)
      && !((prices.volume?[row] ?? 0) < 0)
  }
}

// FigureText that change.
extension Cleaner.State {
  mutating func winsorise(_ deviations: Double) -> Int {
    let spikes = SpikeSearch.run(
      OrderedBars(batch, calendar: context.calendar, zone: context.zone), context
    ).spikes
    guard !spikes.isEmpty, let prices = Prices(batch) else { return 0 }
    let spoiled = Set(spikes.map(\.row))
    var usual = RollingMedian(window: context.thresholds.window)
    var bounds: [Int: ClosedRange<Double>] = [:]
    var previous: Double?
    for row in 0..<batch.count where prices.isUsable(row) {
      if spoiled.contains(row), let previous {
        let reach = min(0.5, deviations * (usual.count > 0 ? usual.deviation : 0))
        bounds[row] = previous * (1 - reach)...previous * (1 + reach)
        continue
      }
      if let previous { usual.add(prices.close[row] / previous - 1) }
      previous = prices.close[row]
    }
    for name in BarLayout.required {
      batch = batch.changing(name) { row, value in
        bounds[row].map { min(max(value, $0.lowerBound), $0.upperBound) } ?? value
      }
    }
    return bounds.count
  }

  mutating func multiply(dividends: Bool, asOf: Timestamp, isUndone: Bool) -> Int {
    let ordered = OrderedBars(batch, calendar: context.calendar, zone: context.zone)
    let closes = SessionBars(ordered).rows.map { (date: $0.date, close: $0.close) }
    // Prices that contain splits already are adjusted for dividends alone.
    let containsSplits = context.adjustment == .splits && dividends
    let actions = PriceFactors.relevant(context.actions, containsSplits: containsSplits)
    let factors = PriceFactors(
      actions, closes: closes, areAdjusted: isUndone, dividends: dividends, asOf: asOf)
    var price = [Double](repeating: 1, count: batch.count)
    var volume = price
    for day in ordered.days {
      let factor = factors.factors(on: day.date)
      for row in day.rows {
        price[row] = isUndone ? 1 / factor.price : factor.price
        volume[row] = isUndone ? 1 / factor.volume : factor.volume
      }
    }
    for name in BarLayout.required + ["vwap"] {
      batch = batch.changing(name) { row, value in price[row] == 1 ? value : value * price[row] }
    }
    batch = batch.changing("volume") { row, value in
      volume[row] == 1 ? value : value * volume[row]
    }
    context.adjustment =
      isUndone ? BarDeclaration.Adjustment.none : dividends ? .splitsAndDividends : .splits
    return price.indices.count { price[$0] != 1 || volume[$0] != 1 }
  }
}

extension PriceFactors {
  /// The events whose factors prices do not contain yet; where they contain splits, dividends are
  /// put at the level of those prices.
  static func relevant(_ actions: [CorporateAction], containsSplits: Bool) -> [CorporateAction] {
    guard containsSplits else { return actions }
    return actions.compactMap { action in
      guard case .dividend(let amount) = action.kind else { return nil }
      let later = actions.reduce(1.0) { product, other in
        if case .split(let ratio) = other.kind, other.date > action.date { return product * ratio }
        return product
      }
      return CorporateAction(
        symbol: action.symbol, date: action.date, knownAt: action.knownAt,
        kind: .dividend(amount: amount / later))
    }
  }
}

extension BarBatch {
  /// The batch with one column's values changed; as it is where it has no such column.
  func changing(_ name: String, _ change: (Int, Double) -> Double) -> BarBatch {
    guard let old = self[name] else { return self }
    let new = Column<Double>(count: count) { values in
      for row in values.indices { values.initializeElement(at: row, to: change(row, old[row])) }
    }
    return BarBatch(
      symbol: symbol, interval: interval, start: start, end: end, knownAt: knownAt,
      columns: columns.map { $0.name == name ? (name, new) : $0 })
  }
}
