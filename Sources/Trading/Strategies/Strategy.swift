import Features
import Market
import Runtime

/// Decides, each time a bar closes, how much of its share of the account to hold in that symbol.
///
/// A strategy is a value: two runs of the same value over the same bars decide the same.
public protocol Strategy: Sendable {
  /// Said on pages: `sma_cross 20/50`.
  var name: String { get }
  /// How many bars must be known before it can decide at all.
  var warmUp: Int { get }
  /// The part to hold, from 0 (nothing) to 1 (all), or `nil` to leave things as they are.
  mutating func barClosed(_ view: MarketView) -> Double?
}

/// What is known of one symbol at the close of a bar: that bar and those before it, nothing later.
public struct MarketView: Sendable {
  public let symbol: Symbol
  /// When the last bar became known.
  public let now: Timestamp
  /// How many bars are known.
  public let count: Int
  private let bars: BarColumns

  init(symbol: Symbol, now: Timestamp, count: Int, bars: BarColumns) {
    self.symbol = symbol
    self.now = now
    self.count = count
    self.bars = bars
  }

  public var last: BarValues { bars[count - 1] }

  /// The closes of the last `bars` bars, or `nil` where fewer are known.
  public func closes(last bars: Int) -> Column<Double>? {
    bars <= count ? self.bars.close.slice(count - bars..<count) : nil
  }
}
