import Market

/// The five numbers of one bar.
public struct BarValues: Hashable, Sendable, BitwiseCopyable {
  public var open, high, low, close, volume: Double

  public init(open: Double, high: Double, low: Double, close: Double, volume: Double) {
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }
}

/// The five columns of a frame that features are computed from.
public struct BarColumns: Sendable {
  public let open, high, low, close, volume: Column<Double>

  public var count: Int { close.count }

  public init(_ frame: Frame) throws(FeatureError) {
    func column(_ name: String) throws(FeatureError) -> Column<Double> {
      guard let column = frame[name] else {
        throw .missingColumn(name, symbol: frame.symbol, found: frame.names)
      }
      return column
    }
    open = try column("open")
    high = try column("high")
    low = try column("low")
    close = try column("close")
    volume = try column("volume")
  }

  public subscript(row: Int) -> BarValues {
    BarValues(
      open: open[row], high: high[row], low: low[row], close: close[row], volume: volume[row])
  }
}
