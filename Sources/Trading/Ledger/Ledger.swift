import Market
import Numerics
import Runtime

/// The books of one account: double entry, exact to the step, checked at every posting.
public struct Ledger: Sendable {
  public let table: InstrumentTable
  public private(set) var postings = 0
  /// What rounding trades to cash has left out so far in each currency: exact, so that nothing is lost.
  public private(set) var residues: [CashResidue]
  private var balances: [Cash]
  private var positions: [Quantity]

  public init(_ table: InstrumentTable) {
    self.table = table
    residues = Array(repeating: .zero, count: table.currencies.count)
    balances = Array(
      repeating: .zero,
      count: LedgerAccount.kindsOfCurrency * table.currencies.count + table.count)
    positions = Array(repeating: .zero, count: table.count)
  }

  /// Books with money put in.
  public init(_ table: InstrumentTable, capital: Cash, at time: Timestamp) throws(LedgerError) {
    guard capital > .zero else { throw .noCapital(capital) }
    self.init(table)
    try post(
      Posting(
        .deposit, at: time, .init(.cash(.base), .base, capital),
        .init(.capital(.base), .base, Cash(steps: -capital.steps))))
  }

  public func balance(_ account: LedgerAccount) -> Cash { balances[place(account)] }
  public func position(_ id: InstrumentID) -> Quantity { positions[id.place] }

  /// The account's cash, whether or not it is settled.
  public func cash(_ currency: CurrencyID) -> Cash {
    let (sum, overflow) = balance(.cash(currency)).addingReportingOverflow(
      balance(.unsettled(currency)))
    precondition(!overflow, "postings keep cash in range")
    return sum
  }

  /// Takes an entry whole, or refuses it and changes nothing.
  public mutating func post(_ posting: Posting) throws(LedgerError) {
    try checkBalance(posting)
    do throws(FixedPointError) {
      let held = try posting.change.map { change throws(FixedPointError) in
        try positions[change.instrument.place].adding(change.quantity)
      }
      let currency = posting.change.map { table.currency(of: $0.instrument) } ?? .base
      let residue = try residues[currency.place].adding(posting.residue)
      try posting.forEachLine { line throws(FixedPointError) in
        _ = try balances[place(line.account)].adding(line.amount)
      }
      posting.forEachLine { line in
        let index = place(line.account)
        balances[index].steps += line.amount.steps
      }
      if let change = posting.change, let held { positions[change.instrument.place] = held }
      residues[currency.place] = residue
    } catch {
      throw .amount(error)
    }
    postings += 1
  }

  /// The lines of each currency sum to zero.
  private func checkBalance(_ posting: Posting) throws(LedgerError) {
    var sum: Int128 = 0
    var isMixed = false
    var first: CurrencyID?
    posting.forEachLine { line in
      sum += Int128(line.amount.steps)
      if let first, first != line.currency { isMixed = true }
      first = line.currency
    }
    guard sum == 0 else { throw .unbalanced(steps: sum) }
    guard isMixed else { return }
    for currency in table.currencies.indices.map(CurrencyID.init) {
      var sum: Int128 = 0
      posting.forEachLine { line in
        if line.currency == currency { sum += Int128(line.amount.steps) }
      }
      guard sum == 0 else { throw .unbalanced(steps: sum) }
    }
  }

  private func place(_ account: LedgerAccount) -> Int {
    let (kind, index) = account.kindAndPlace
    let currencies = table.currencies.count
    return kind < 0
      ? LedgerAccount.kindsOfCurrency * currencies + index : kind * currencies + index
  }
}

extension LedgerAccount {
  static let kindsOfCurrency = 11

  /// The kind of an account of a currency, and which; the kind is −1 for holdings.
  fileprivate var kindAndPlace: (kind: Int, place: Int) {
    switch self {
    case .holdings(let instrument): (-1, instrument.place)
    case .cash(let currency): (0, currency.place)
    case .unsettled(let currency): (1, currency.place)
    case .commission(let currency): (2, currency.place)
    case .taxes(let currency): (3, currency.place)
    case .borrowing(let currency): (4, currency.place)
    case .dividends(let currency): (5, currency.place)
    case .realised(let currency): (6, currency.place)
    case .capital(let currency): (7, currency.place)
    case .conversion(let currency): (8, currency.place)
    case .rounding(let currency): (9, currency.place)
    case .adopted(let currency): (10, currency.place)
    }
  }
}
