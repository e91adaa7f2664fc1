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

  /// The number called `name`; missing for any but the five.
  public subscript(name: String) -> Double {
    switch name {
    case "open": open
    case "high": high
    case "low": low
    case "close": close
    case "volume": volume
    default: .nan
    }
  }
}

/// The columns of a frame that features are computed from.
public struct BarColumns: Sendable {
  public let open, high, low, close, volume: Column<Double>
  let frame: Frame
  let zone: Zone

  public var count: Int { close.count }

  /// Columns that not every market has: where they are not, they are missing throughout.
  public static let optional: Set<String> =
    Set(["vix", "bid", "ask", "bid_size", "ask_size", "vwap"]).union(CrossSection.columns)

  /// - Parameter zone: whose wall clock the calendar's columns are read from
  public init(_ frame: Frame, zone: Zone = .newYork) throws(FeatureError) {
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
    self.frame = frame
    self.zone = zone
  }

  public subscript(row: Int) -> BarValues {
    BarValues(
      open: open[row], high: high[row], low: low[row], close: close[row], volume: volume[row])
  }

  func adding(_ column: Column<Double>, as name: String) throws(FeatureError) -> BarColumns {
    try BarColumns(frame.adding(column, as: name), zone: zone)
  }

  /// The column called `name`: of the frame, or of the calendar.
  public func column(_ name: String) throws(FeatureError) -> Column<Double> {
    if let column = frame[name] { return column }
    if let part = CalendarPart(rawValue: name) { return part.column(of: frame, zone: zone) }
    guard Self.optional.contains(name) else {
      throw .missingColumn(name, symbol: frame.symbol, found: frame.names)
    }
    return Column(repeating: .nan, count: count)
  }
}
