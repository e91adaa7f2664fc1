import Market
import Runtime

/// Expressions of several symbols while their bars become known, one after the other: to the bit what a
/// batch over all of them gives. Longer bars are made of those that came, and count when they are over.
public struct LiveExpressions: @unchecked Sendable {
  // Safe to send: a run makes its own when it starts, and no other has it.
  private let ranks: Int
  private var seats: [Seat]

  /// - Parameter symbols: in the order in which `update` names them by number
  public init(_ expressions: [ReadExpression], symbols: [Symbol], zone: Zone = .newYork)
    throws(FeatureError)
  {
    let derived = expressions.reduce(into: [DerivedColumn]()) { all, expression in
      all += expression.derived.filter { !all.contains($0) }
    }
    ranks = derived.count { $0.making == .amongSymbols }
    seats = []
    for symbol in symbols {
      seats.append(try Seat(expressions.map(\.expression), derived, symbol, zone))
    }
  }

  /// Takes the next bar of a symbol.
  public mutating func update(_ bar: Bar, of seat: Int) throws(FeatureError) {
    try seats[seat].take(bar)
    if ranks == 0 { seats[seat].finish() }
  }

  /// All bars of this instant were given: symbols can be ranked.
  public mutating func endInstant() {
    guard ranks > 0 else { return }
    let present = seats.indices.filter { seats[$0].hasBar }
    for rank in 0..<ranks {
      let known = present.map { seats[$0].rankOperand(rank) }.filter { !$0.isNaN }
      for seat in present {
        let value = seats[seat].rankOperand(rank)
        seats[seat].setRank(
          rank, value.isNaN ? .nan : CrossSection.place(of: value, among: known))
      }
    }
    for seat in present { seats[seat].finish() }
  }

  /// Of the symbol's last bar; missing before the first.
  public subscript(seat: Int, output: Int) -> Double { seats[seat].values[output] }
}

/// One symbol.
private struct Seat {
  private let plan: PlanStream
  private let inputs: [LiveInput]
  private var row: [Double]
  private var clock: LiveClock
  /// In the order of the derived columns.
  private var made: [Double]
  private var longer: [(place: Int, bars: LongerBars)] = []
  private let operands: PlanStream
  private let operandInputs: [LiveInput]
  private var operandRow: [Double]
  private let rankPlaces: [Int]
  private var bar = BarValues(open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
  private(set) var hasBar = false

  init(
    _ expressions: [Expression], _ derived: [DerivedColumn], _ symbol: Symbol, _ zone: Zone
  ) throws(FeatureError) {
    let names = derived.map(\.name)
    plan = PlanStream(FeaturePlan(expressions))
    inputs = plan.plan.inputs.map { LiveInput($0, derived: names) }
    row = Array(repeating: .nan, count: inputs.count)
    clock = LiveClock(zone)
    made = Array(repeating: .nan, count: derived.count)
    rankPlaces = derived.indices.filter { derived[$0].making == .amongSymbols }
    operands = PlanStream(FeaturePlan(rankPlaces.map { derived[$0].operand }))
    operandInputs = operands.plan.inputs.map { LiveInput($0, derived: []) }
    operandRow = Array(repeating: .nan, count: operandInputs.count)
    for (place, column) in derived.enumerated() {
      guard case .coarse(let interval, isFinished: true) = column.making else { continue }
      longer.append((place, try LongerBars(column, interval, symbol, zone)))
    }
  }

  var values: [Double] { plan.values }
  func rankOperand(_ rank: Int) -> Double { operands.values[rank] }
  mutating func setRank(_ rank: Int, _ value: Double) { made[rankPlaces[rank]] = value }

  mutating func take(_ next: Bar) throws(FeatureError) {
    bar = BarValues(
      open: next.open, high: next.high, low: next.low, close: next.close, volume: next.volume)
    clock.end = next.end
    for index in longer.indices {
      try longer[index].bars.take(next)
      made[longer[index].place] = longer[index].bars.value
    }
    if !rankPlaces.isEmpty {
      LiveInput.fill(&operandRow, operandInputs, bar, &clock, made)
      operands.update(operandRow.span)
    }
    hasBar = true
  }

  mutating func finish() {
    LiveInput.fill(&row, inputs, bar, &clock, made)
    plan.update(row.span)
    hasBar = false
  }
}

/// An expression over bars of another length.
private struct LongerBars {
  private var bars: BarAggregator
  private let plan: PlanStream
  private let inputs: [LiveInput]
  private var row: [Double]
  private var clock: LiveClock
  /// Of the last bar that is over.
  private(set) var value = Double.nan

  init(
    _ column: DerivedColumn, _ interval: BarInterval, _ symbol: Symbol, _ zone: Zone
  ) throws(FeatureError) {
    guard let calendar = TradingCalendar.all.first(where: { $0.zone == zone }) else {
      throw .noCalendar(symbol: symbol, column: column.name)
    }
    // Whoever gives the bars has found that they are no longer; a second is shorter than any.
    let least = BarInterval(count: 1, unit: .second)
    do throws(FrameError) {
      bars = try BarAggregator(symbol: symbol, from: least, to: interval, calendar: calendar)
    } catch { throw .frame(error) }
    plan = PlanStream(FeaturePlan([column.operand]))
    inputs = plan.plan.inputs.map { LiveInput($0, derived: []) }
    row = Array(repeating: .nan, count: inputs.count)
    clock = LiveClock(zone)
  }

  mutating func take(_ bar: Bar) throws(FeatureError) {
    let over: [BarRow]
    do throws(FrameError) { over = try bars.add(BarRow(bar)) } catch { throw .frame(error) }
    for bar in over {
      clock.end = bar.end
      let values = BarValues(
        open: bar.values[0], high: bar.values[1], low: bar.values[2], close: bar.values[3],
        volume: bar.values[4])
      LiveInput.fill(&row, inputs, values, &clock, [])
      plan.update(row.span)
      value = plan.values[0]
    }
  }
}

/// Where a number that a plan reads comes from.
private enum LiveInput {
  case open, high, low, close, volume, calendar(CalendarPart), derived(Int), missing

  init(_ name: String, derived: [String]) {
    self =
      switch name {
      case "open": .open
      case "high": .high
      case "low": .low
      case "close": .close
      case "volume": .volume
      default:
        derived.firstIndex(of: name).map { .derived($0) }
          ?? CalendarPart(rawValue: name).map { .calendar($0) } ?? .missing
      }
  }

  static func fill(
    _ row: inout [Double], _ inputs: [LiveInput], _ bar: BarValues, _ clock: inout LiveClock,
    _ made: [Double]
  ) {
    for (place, input) in inputs.enumerated() {
      row[place] =
        switch input {
        case .open: bar.open
        case .high: bar.high
        case .low: bar.low
        case .close: bar.close
        case .volume: bar.volume
        case .calendar(let part): clock[part]
        case .derived(let column): made[column]
        case .missing: .nan
        }
    }
  }
}

/// What the wall clock says at the end of the bar under way.
private struct LiveClock {
  private let zone: Zone
  private var span: Zone.Span
  var end = Timestamp(nanoseconds: 0)

  init(_ zone: Zone) {
    self.zone = zone
    span = zone.span(at: end)
  }

  subscript(part: CalendarPart) -> Double {
    mutating get { part.value(at: end, zone, &span) }
  }
}
