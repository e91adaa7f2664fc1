/// Where the parts of a candle chart stand, and what its axes say: the same for every drawing.
struct CandleLayout {
  let chart: CandleChart
  let scale: ValueScale
  /// Of `scale.ticks`, in order.
  let priceLabels: [String]
  let largestVolume: Double

  init(_ chart: CandleChart, priceTicks: Int) {
    self.chart = chart
    let indices = chart.times.indices.filter(chart.hasBar)
    scale = ValueScale(
      indices.flatMap { [chart.high[$0], chart.low[$0]] }, isLogarithmic: chart.growsByFactors,
      includesZero: false, most: priceTicks)
    let decimals = Self.decimals(scale.ticks)
    priceLabels = scale.ticks.map { NumberText.fixed($0, decimals: decimals) }
    largestVolume = chart.volume.filter(\.isFinite).max() ?? 0
  }

  /// As many as the ticks need to be told apart, and two below a hundred, as prices have.
  private static func decimals(_ ticks: [Double]) -> Int {
    guard let first = ticks.first else { return 2 }
    let step = zip(ticks, ticks.dropFirst()).map { $1 - $0 }.min() ?? first
    return switch step {
    case 1...: 0
    case 0.01..<1: 2
    default: 4
    }
  }

  /// A date or a time of day below a candle.
  struct TimeLabel: Equatable {
    let index: Int
    let text: String
  }

  /// Labels where a year, a month, a day or an hour begins, the larger ones first, each with room for
  /// itself: `positions` are the candles' places and `width` gives that of a text, in one unit.
  func timeLabels(
    positions: [Double], end: Double, gap: Double, width: (String) -> Double
  ) -> [TimeLabel] {
    var taken: [(from: Double, to: Double)] = []
    var labels: [TimeLabel] = []
    for level in Level.allCases where chart.showsTimeOfDay || level != .hour {
      for index in chart.times.indices {
        let before = index > 0 ? chart.times[index - 1] : nil
        guard let text = level.label(chart.times[index], after: before) else { continue }
        let (from, to) = (positions[index], positions[index] + width(text))
        let isFree = taken.allSatisfy { to + gap <= $0.from || $0.to + gap <= from }
        guard to <= end, isFree else { continue }
        taken.append((from, to))
        labels.append(TimeLabel(index: index, text: text))
      }
    }
    return labels.sorted { $0.index < $1.index }
  }

  private enum Level: CaseIterable {
    case year, month, day, hour

    private static let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// What stands where the level's unit begins: `nil` where it goes on. The first candle of all
    /// begins a day.
    func label(_ time: Timestamp, after before: Timestamp?) -> String? {
      let (year, month, day) = time.utcDate.yearMonthDay
      let old = before?.utcDate.yearMonthDay
      switch self {
      case .year:
        guard let old, old.year != year else { return nil }
        return "\(year)"
      case .month:
        guard let old, (old.year, old.month) != (year, month) else { return nil }
        return Self.months[month - 1]
      case .day:
        guard old.map({ $0 != (year, month, day) }) ?? true else { return nil }
        return "\(day) \(Self.months[month - 1])"
      case .hour:
        let hour = time.nanosecondOfDay / (3600 * Timestamp.nanosecondsPerSecond)
        guard let before,
          hour != before.nanosecondOfDay / (3600 * Timestamp.nanosecondsPerSecond)
        else { return nil }
        return String(TimeChart.minute(time).suffix(5))
      }
    }
  }
}
