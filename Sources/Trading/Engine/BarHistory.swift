import Features
import Market
import Runtime

/// The bars of one series that are known by now, and no others: nothing later is in here.
public struct BarHistory: Sendable {
  public let instrument: InstrumentID
  public private(set) var open: [Double] = []
  public private(set) var high: [Double] = []
  public private(set) var low: [Double] = []
  public private(set) var close: [Double] = []
  public private(set) var volume: [Double] = []
  private var times: [Times] = []

  private struct Times: Sendable, BitwiseCopyable {
    let start, end, knownAt: Timestamp
  }

  public init(of instrument: InstrumentID) { self.instrument = instrument }

  public var count: Int { close.count }

  /// The last bar, where there is one.
  public var last: BarValues? { close.isEmpty ? nil : self[count - 1] }

  public subscript(row: Int) -> BarValues {
    BarValues(
      open: open[row], high: high[row], low: low[row], close: close[row], volume: volume[row])
  }

  /// The closes of the last `bars` bars, or `nil` where fewer are known. Use it at once: whoever keeps
  /// it makes the history copy itself at the next bar.
  public func closes(last bars: Int) -> ArraySlice<Double>? {
    bars <= count ? close[(count - bars)...] : nil
  }

  /// Wilder's average true range over `bars` bars, from all bars known, or `nil` where there are not
  /// one more than that.
  public func averageTrueRange(bars: Int) -> Double? {
    guard bars > 0, count > bars else { return nil }
    func trueRange(_ row: Int) -> Double {
      max(high[row], close[row - 1]) - min(low[row], close[row - 1])
    }
    var range = (1...bars).reduce(0) { $0 + trueRange($1) } / Double(bars)
    for row in (bars + 1)..<max(count, bars + 1) {
      range += (trueRange(row) - range) / Double(bars)
    }
    return range
  }

  /// A bar with its times.
  func bar(_ row: Int) -> Bar {
    let times = times[row]
    return Bar(
      start: times.start, end: times.end, knownAt: times.knownAt, open: open[row], high: high[row],
      low: low[row], close: close[row], volume: volume[row])
  }

  mutating func append(_ bar: Bar) {
    times.append(Times(start: bar.start, end: bar.end, knownAt: bar.knownAt))
    open.append(bar.open)
    high.append(bar.high)
    low.append(bar.low)
    close.append(bar.close)
    volume.append(bar.volume)
  }

  mutating func reserve(_ count: Int) {
    times.reserveCapacity(count)
    open.reserveCapacity(count)
    high.reserveCapacity(count)
    low.reserveCapacity(count)
    close.reserveCapacity(count)
    volume.reserveCapacity(count)
  }
}
