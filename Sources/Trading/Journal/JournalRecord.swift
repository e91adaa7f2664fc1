import Market
import Runtime

/// One thing that happened, in the order it happened: what a replay needs and what an audit reads.
public enum JournalRecord: Hashable, Sendable {
  /// The first record of a run.
  case began(RunHeader)
  /// The clock was read.
  case clock(Timestamp)
  case timer(TimerID, at: Timestamp)
  /// The gate let an order out; it is sent after this record is safe.
  case submitted(Order)
  /// It let out less than was asked.
  case reduced(Order, Denial)
  case denied(Order, Denial)
  case replacing(OrderID, OrderTerms, at: Timestamp)
  case replaceDenied(OrderID, Denial, at: Timestamp)
  case cancelling(OrderID, at: Timestamp)
  /// What became of an order is unknown until the venue says: after a restart, or because the venue was
  /// asked and did not name it.
  case doubted(OrderID, at: Timestamp)
  /// The venue said something.
  case told(VenueMessage)
  case posted(Posting)
  /// Limits or settings changed while running: which, and the new text.
  case changed(key: String, value: String, at: Timestamp)
  /// An act of the operator: halt, resume, adopt; by whom and why.
  case operated(act: String, by: String, reason: String, at: Timestamp)
  case ended(at: Timestamp)
}

/// What a run is a function of, besides its market data.
public struct RunHeader: Hashable, Sendable {
  public var startedAt: Timestamp
  public var seed: UInt64
  /// SHA-256 of the settings, of the code and of the instruments, as text.
  public var settings, code, instruments: String
  public var strategy: String

  public init(
    startedAt: Timestamp, seed: UInt64, settings: String, code: String, instruments: String,
    strategy: String
  ) {
    self.startedAt = startedAt
    self.seed = seed
    self.settings = settings
    self.code = code
    self.instruments = instruments
    self.strategy = strategy
  }
}

/// Where records go.
///
/// The engine appends what one event leads to, commits, and only then sends: after `commit` returns,
/// every record appended before is as safe as the sink can make it.
public protocol JournalSink {
  mutating func append(_ record: JournalRecord) throws(JournalError)
  mutating func commit() throws(JournalError)
}

/// Keeps no journal.
public struct NoJournal: JournalSink, Sendable {
  public init() {}
  public mutating func append(_ record: JournalRecord) {}
  public mutating func commit() {}
}
