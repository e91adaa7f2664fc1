import Market
import Numerics
import Runtime

/// An account of the books. Debits are positive: what there is and what was spent; credits negative.
public enum LedgerAccount: Hashable, Sendable, BitwiseCopyable {
  /// Money there is, settled.
  case cash(CurrencyID)
  /// Money of trades that are not settled yet: owed to us, or by us where negative.
  case unsettled(CurrencyID)
  /// What is held, at what was paid for it; negative for what was sold short.
  case holdings(InstrumentID)
  case commission(CurrencyID)
  case taxes(CurrencyID)
  /// Paid for borrowed shares and borrowed money.
  case borrowing(CurrencyID)
  /// Received, so a credit.
  case dividends(CurrencyID)
  /// What closing positions brought beyond what they had cost; a credit when it is a gain.
  case realised(CurrencyID)
  /// Money put in; a credit.
  case capital(CurrencyID)
  /// The other side of money that became another currency's.
  case conversion(CurrencyID)
  /// Whole steps of cash that roundings have gathered.
  case rounding(CurrencyID)
  /// What a reconciliation adopted from the venue without knowing where it came from.
  case adopted(CurrencyID)
}

/// What a posting was made for.
public enum PostingCause: Hashable, Sendable, BitwiseCopyable {
  case deposit
  case execution(ExecutionID)
  case settlement
  case dividend(InstrumentID)
  case split(InstrumentID)
  case borrowing(InstrumentID)
  case interest
  case conversion
  case rounding
  case delisting(InstrumentID)
  case adoption
}

/// One entry of the books: lines that sum to zero in each currency, and the position they change.
public struct Posting: Hashable, Sendable, BitwiseCopyable {
  public struct Line: Hashable, Sendable, BitwiseCopyable {
    public var account: LedgerAccount
    public var currency: CurrencyID
    public var amount: Cash

    public init(_ account: LedgerAccount, _ currency: CurrencyID, _ amount: Cash) {
      self.account = account
      self.currency = currency
      self.amount = amount
    }
  }

  /// A position and how it changes.
  public struct Change: Hashable, Sendable, BitwiseCopyable {
    public var instrument: InstrumentID
    public var quantity: Quantity

    public init(_ instrument: InstrumentID, _ quantity: Quantity) {
      self.instrument = instrument
      self.quantity = quantity
    }
  }

  public static let mostLines = 6

  public var time: Timestamp
  public var cause: PostingCause
  public var change: Change?
  /// What rounding the change's value to cash left out.
  public var residue: CashResidue
  private var first, second: Line
  private var third, fourth, fifth, sixth: Line?

  /// - Parameter lines: two to six
  public init(
    _ cause: PostingCause, at time: Timestamp, change: Change? = nil,
    residue: CashResidue = .zero, _ first: Line, _ second: Line, _ third: Line? = nil,
    _ fourth: Line? = nil, _ fifth: Line? = nil, _ sixth: Line? = nil
  ) {
    self.cause = cause
    self.time = time
    self.change = change
    self.residue = residue
    (self.first, self.second, self.third) = (first, second, third)
    (self.fourth, self.fifth, self.sixth) = (fourth, fifth, sixth)
    closeGaps()
  }

  /// The same lines are the same posting, wherever one was left out.
  private mutating func closeGaps() {
    for _ in 0..<3 where third == nil {
      (third, fourth, fifth, sixth) = (fourth, fifth, sixth, nil)
    }
    for _ in 0..<2 where fourth == nil { (fourth, fifth, sixth) = (fifth, sixth, nil) }
    if fifth == nil { (fifth, sixth) = (sixth, nil) }
  }

  /// Calls `body` with each line, in order.
  @inline(__always) public func forEachLine<Failure: Error>(
    _ body: (Line) throws(Failure) -> Void
  ) throws(Failure) {
    try body(first)
    try body(second)
    if let third { try body(third) }
    if let fourth { try body(fourth) }
    if let fifth { try body(fifth) }
    if let sixth { try body(sixth) }
  }

  var firstCurrency: CurrencyID { first.currency }
  var lastCurrency: CurrencyID { (sixth ?? fifth ?? fourth ?? third ?? second).currency }

  public var lines: [Line] { [first, second] + [third, fourth, fifth, sixth].compactMap { $0 } }
}
