import Market
import Runtime

/// What is asked of a source of trades, quotes or books.
public struct TickRequest: Hashable, Sendable {
  public var symbol: Symbol
  /// Days in the exchange's zone.
  public var days: TimeRange

  public init(symbol: Symbol, days: TimeRange = .all) {
    self.symbol = symbol
    self.days = days
  }
}

/// Where single trades come from. The next batch is made when it is asked for and not before.
public protocol TradeSource: Sendable {
  func trades(_ request: TickRequest) -> TradeStream
}

/// Where best prices come from.
public protocol QuoteSource: Sendable {
  func quotes(_ request: TickRequest) -> QuoteStream
}

/// Where changes of order books come from, in the order in which they were known.
public protocol BookSource: Sendable {
  func events(_ request: TickRequest) -> BookStream
}

public typealias TradeStream = AsyncThrowingStream<[Trade], any Error>
public typealias QuoteStream = AsyncThrowingStream<[Quote], any Error>
public typealias BookStream = AsyncThrowingStream<[BookEvent], any Error>
