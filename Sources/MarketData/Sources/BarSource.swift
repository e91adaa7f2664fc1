import Market
import Runtime

/// What is asked of a source.
public struct BarRequest: Hashable, Sendable {
  public var symbol: Symbol
  public var interval: BarInterval
  /// Days in the exchange's zone.
  public var days: TimeRange

  public init(symbol: Symbol, interval: BarInterval, days: TimeRange = .all) {
    self.symbol = symbol
    self.interval = interval
    self.days = days
  }
}

/// Where bars come from: a web service, a folder of files, a generator.
public protocol BarSource: Sendable {
  /// What the source says about its bars; all of it settled, printed and stored with them.
  var declaration: BarDeclaration { get }

  /// The bars asked for, batch by batch. The next batch is made when it is asked for and not
  /// before, so a slow reader holds the source back.
  func bars(_ request: BarRequest) -> BarStream

  /// Splits, dividends, renamings and delistings in those days, as far as the source tells them.
  func actions(of symbol: Symbol, days: TimeRange) async throws -> [CorporateAction]
}

/// Batches that are made on demand.
public typealias BarStream = AsyncThrowingStream<BarBatch, any Error>
