import Market
import Runtime

/// What a store keeps apart: bars of one symbol and length from one source.
public struct SeriesKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let symbol: Symbol
  public let interval: BarInterval
  /// The source's short name: `yahoo`, `lean`, or what the user called it.
  public let source: String

  public init(symbol: Symbol, interval: BarInterval, source: String) {
    self.symbol = symbol
    self.interval = interval
    self.source = source
  }

  public var description: String { "\(symbol) \(interval) (\(source))" }

  public static func < (a: SeriesKey, b: SeriesKey) -> Bool {
    if a.symbol != b.symbol { return a.symbol < b.symbol }
    if a.interval != b.interval { return a.interval < b.interval }
    return a.source < b.source
  }
}

/// What a store holds of one series.
public struct SeriesSummary: Equatable, Sendable {
  public let key: SeriesKey
  /// What was declared when its bars were stored.
  public let declaration: BarDeclaration
  /// Bars as they are now, and rows that a later delivery replaced.
  public let barCount: Int
  public let revisedCount: Int
  /// The start of the first bar and the end of the last; `nil` where there is none.
  public let span: Range<Timestamp>?
  /// When the store last took something of it in.
  public let recordedAt: Timestamp?

  public init(
    key: SeriesKey, declaration: BarDeclaration, barCount: Int, revisedCount: Int,
    span: Range<Timestamp>?, recordedAt: Timestamp?
  ) {
    self.key = key
    self.declaration = declaration
    self.barCount = barCount
    self.revisedCount = revisedCount
    self.span = span
    self.recordedAt = recordedAt
  }
}
