import Market
import Runtime

/// A series of bars of a run, by its place in the feed.
public struct SeriesID: Hashable, Sendable, BitwiseCopyable {
  public let index: UInt16

  @inlinable public init(_ index: Int) { self.index = UInt16(index) }
  @inlinable public var place: Int { Int(index) }
}

/// Where a bar lies in its session.
public struct SessionPlace: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It begins the session: its open is the opening auction's price.
  public static let first = SessionPlace(rawValue: 1)
  /// It ends with the session: its close is the closing auction's price.
  public static let last = SessionPlace(rawValue: 2)
  /// It lies before the open or after the close.
  public static let outside = SessionPlace(rawValue: 4)
  /// It belongs to no execution series: strategies see it, nothing is filled or valued by it.
  public static let information = SessionPlace(rawValue: 8)
}

/// One thing that became known of the market.
///
/// A bar is one event, at the instant it is known: what it fills at its open is reported then, too,
/// because how much could be filled depends on how much was traded.
public struct MarketEvent: Hashable, Sendable, BitwiseCopyable {
  /// When it is known, which is its place in the order of everything.
  public var time: Timestamp
  public var instrument: InstrumentID
  public var content: Content

  public enum Content: Hashable, Sendable, BitwiseCopyable {
    case action(ShareAction)
    case sessionOpened
    case status(TradingStatus)
    case bar(Bar, SeriesID, SessionPlace)
    case trade(Market.Trade)
    case quote(Quote)
    case book(BookEvent)
    case sessionClosed
  }

  public init(time: Timestamp, instrument: InstrumentID, content: Content) {
    self.time = time
    self.instrument = instrument
    self.content = content
  }

  /// What comes first at one instant.
  public enum Rank: UInt8, Comparable, Sendable {
    case action, sessionOpened, status, price, sessionClosed

    public static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  public var rank: Rank {
    switch content {
    case .action: .action
    case .sessionOpened: .sessionOpened
    case .status: .status
    case .bar, .trade, .quote, .book: .price
    case .sessionClosed: .sessionClosed
    }
  }
}

/// A corporate action as it reaches an account, exact.
public enum ShareAction: Hashable, Sendable, BitwiseCopyable {
  /// New shares for each old one.
  case split(ratio: Rate)
  /// Cash for each share held before the day it takes effect.
  case dividend(Price)
  /// Trades no more; what is held is paid out at this price.
  case delisted(at: Price)
}

/// Whether and within which prices an instrument may trade.
public enum TradingStatus: Hashable, Sendable, BitwiseCopyable {
  case halted
  case resumed
  /// Limit down and limit up: no trade outside; nobody sells at the upper, nobody buys at the lower.
  case bands(lower: Price, upper: Price)
  case noBands
  /// Shares there are to borrow.
  case borrowable(Quantity)
}

/// Events of market data in the order of (time, rank, instrument, number).
public protocol MarketFeed: Sendable {
  /// The time of the next event, or `nil` at the end.
  var nextTime: Timestamp? { get }
  /// Fills `batch` with all events of the next time and rank, by instrument; empty at the end.
  mutating func next(into batch: inout [MarketEvent]) throws(EngineError)
}
