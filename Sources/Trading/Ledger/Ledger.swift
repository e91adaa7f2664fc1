import Market
import Numerics
import Runtime

/// The books of one account: double entry, exact to the step, checked at every posting.
///
/// They take what happened, whatever it makes of the account: what may happen is for the gate to say
/// before an order leaves. A posting that would break the books changes nothing and is an error.
public struct Ledger: Hashable, Sendable {
  public let costRule: CostRule
  /// Accounts of currencies, then what each instrument's position cost.
  private var balances: [Cash]
  private var quantities: [Quantity]
  /// Of each position's quantity, what executions brought; the rest came by splits, delistings and
  /// adoptions.
  private var executed: [Quantity]
  private var realisedOf: [Cash]
  private var lots: [LotQueue]
  private var residues: [CashResidue]
  private let traits: [Traits]
  public private(set) var postings = 0

  private struct Traits: Hashable, Sendable, BitwiseCopyable {
    let currency: CurrencyID
    let multiplier: Int64
  }

  public init(_ table: InstrumentTable, costRule: CostRule = .average) {
    self.costRule = costRule
    traits = (0..<table.count).map {
      let id = InstrumentID($0)
      return Traits(currency: table.currency(of: id), multiplier: table[id].multiplier)
    }
    let currencies = table.currencies.count
    balances = Array(
      repeating: .zero, count: currencies * LedgerAccount.kindsOfCurrency + traits.count)
    quantities = Array(repeating: .zero, count: traits.count)
    executed = quantities
    realisedOf = Array(repeating: .zero, count: traits.count)
    lots = Array(repeating: LotQueue(), count: costRule == .firstIn ? traits.count : 0)
    residues = Array(repeating: .zero, count: currencies)
  }

  // MARK: Reading

  public var instrumentCount: Int { traits.count }
  public var currencyCount: Int { residues.count }

  public func balance(_ account: LedgerAccount) -> Cash { balances[slot(account)] }
  /// Settled cash.
  public func cash(_ currency: CurrencyID = .base) -> Cash { balance(.cash(currency)) }
  public func position(_ instrument: InstrumentID) -> Quantity { quantities[instrument.place] }
  /// What the position cost; negative for one sold short.
  public func cost(_ instrument: InstrumentID) -> Cash {
    balances[holdingsStart + instrument.place]
  }
  /// What closing positions in an instrument has brought so far, before commissions and taxes.
  public func realised(_ instrument: InstrumentID) -> Cash { realisedOf[instrument.place] }
  public func executed(_ instrument: InstrumentID) -> Quantity { executed[instrument.place] }
  public func currency(of instrument: InstrumentID) -> CurrencyID {
    traits[instrument.place].currency
  }
  public func multiplier(of instrument: InstrumentID) -> Int64 {
    traits[instrument.place].multiplier
  }
  /// What rounding to cash has left out and not yet posted to the rounding account.
  public func residue(_ currency: CurrencyID) -> CashResidue { residues[currency.place] }
  /// What is held in single lots, oldest first; none where the rule is the average.
  public func lots(_ instrument: InstrumentID) -> [Lot] {
    costRule == .firstIn ? Array(lots[instrument.place].open) : []
  }

  private var holdingsStart: Int { residues.count * LedgerAccount.kindsOfCurrency }

  private func slot(_ account: LedgerAccount) -> Int {
    switch account.place {
    case .currency(let currency, let kind):
      currency.place * LedgerAccount.kindsOfCurrency + kind
    case .instrument(let instrument): holdingsStart + instrument.place
    }
  }

  // MARK: Posting

  /// Enters a posting, or refuses it and changes nothing.
  public mutating func post(_ posting: Posting) throws(LedgerError) {
    let cost = try check(posting)
    var after: (quantity: Int64, executed: Int64) = (0, 0)
    if let change = posting.change { after = try positions(after: change, cost, posting.cause) }
    let currency = residueCurrency(of: posting)
    let (residue, isTooLarge) =
      residues[currency.place].addingReportingOverflow(posting.residue)
    guard !isTooLarge else { throw .tooLarge("the residue of rounding", posting.cause) }
    guard add(posting, times: 1) else {
      // Wrapping sums are undone exactly.
      _ = add(posting, times: -1)
      throw .tooLarge("a balance", posting.cause)
    }
    residues[currency.place] = residue
    if let change = posting.change {
      if costRule == .firstIn { try moveLots(change, cost, posting) }
      quantities[change.instrument.place].steps = after.quantity
      executed[change.instrument.place].steps = after.executed
    }
    postings += 1
  }

  /// What the posting adds to the cost of its position, once its lines are found in order.
  private func check(_ posting: Posting) throws(LedgerError) -> Cash {
    if let change = posting.change, !traits.indices.contains(change.instrument.place) {
      throw .unknownAccount(posting.cause)
    }
    let first = posting.firstCurrency
    var other: CurrencyID?
    var (sum, otherSum, cost) = (Int128.zero, Int128.zero, Int128.zero)
    try posting.forEachLine { line throws(LedgerError) in
      try checkAccount(of: line, in: posting)
      if case .holdings = line.account { cost += Int128(line.amount.steps) }
      if line.currency == first {
        sum += Int128(line.amount.steps)
      } else {
        guard other == nil || other == line.currency else { throw .threeCurrencies(posting.cause) }
        other = line.currency
        otherSum += Int128(line.amount.steps)
      }
    }
    guard sum == 0, otherSum == 0 else {
      throw .unbalanced(posting.cause, steps: sum == 0 ? otherSum : sum)
    }
    guard let change = Int64(exactly: cost) else { throw .tooLarge("a cost", posting.cause) }
    return Cash(steps: change)
  }

  @inline(__always)
  private func checkAccount(of line: Posting.Line, in posting: Posting) throws(LedgerError) {
    guard line.currency.place < residues.count else { throw .unknownAccount(posting.cause) }
    switch line.account.place {
    case .currency(let currency, _):
      guard currency == line.currency else { throw .wrongCurrency(posting.cause) }
    case .instrument(let instrument):
      guard let change = posting.change, change.instrument == instrument else {
        throw .costWithoutPosition(posting.cause)
      }
      guard traits[instrument.place].currency == line.currency else {
        throw .wrongCurrency(posting.cause)
      }
    }
  }

  /// The position and its executed part after a change, where the cost fits to them.
  private func positions(
    after change: Posting.Change, _ cost: Cash, _ cause: PostingCause
  ) throws(LedgerError) -> (Int64, Int64) {
    let place = change.instrument.place
    let (quantity, isTooMany) = quantities[place].addingReportingOverflow(change.quantity)
    var byOrders = executed[place]
    var isTooLarge = isTooMany
    if case .execution = cause {
      let (sum, overflow) = byOrders.addingReportingOverflow(change.quantity)
      byOrders = sum
      isTooLarge = isTooLarge || overflow
    }
    let (costAfter, costOverflow) =
      balances[holdingsStart + place].addingReportingOverflow(cost)
    guard !isTooLarge, !costOverflow else { throw .tooLarge("a position", cause) }
    // A price below a step of cash may make a cost of nothing; but nothing held costs nothing.
    guard costAfter.sign == 0 || costAfter.sign == quantity.sign else {
      throw .costWithoutPosition(cause)
    }
    if costRule == .firstIn { try checkLots(change, cost, cause) }
    return (quantity.steps, byOrders.steps)
  }

  /// Adds the lines to their accounts, or takes them out; `false` where a balance wrapped around.
  private mutating func add(_ posting: Posting, times sign: Int64) -> Bool {
    var fits = true
    posting.forEachLine { line in
      let slot = slot(line.account)
      let (sum, overflow) =
        sign > 0
        ? balances[slot].addingReportingOverflow(line.amount)
        : balances[slot].subtractingReportingOverflow(line.amount)
      balances[slot] = sum
      fits = fits && !overflow
      if case .realised = line.account, let change = posting.change {
        // A credit of the account is a gain of the instrument.
        realisedOf[change.instrument.place].steps &-= sign &* line.amount.steps
      }
    }
    return fits
  }

  private func residueCurrency(of posting: Posting) -> CurrencyID {
    posting.change.map { traits[$0.instrument.place].currency } ?? posting.lastCurrency
  }

  func exact<Value>(
    _ compute: () throws(FixedPointError) -> Value
  ) throws(LedgerError) -> Value {
    do { return try compute() } catch { throw .amount(error) }
  }
}

// Lots, where those bought first are sold first.
extension Ledger {
  /// The part of a change that takes from what is held.
  private func closing(_ change: Posting.Change) -> Quantity {
    let held = quantities[change.instrument.place]
    guard held.sign * change.quantity.sign < 0 else { return .zero }
    let count = min(held.steps.magnitude, change.quantity.steps.magnitude)
    return Quantity(steps: Int64(clamping: count) * held.sign)
  }

  private func checkLots(
    _ change: Posting.Change, _ cost: Cash, _ cause: PostingCause
  ) throws(LedgerError) {
    if case .split = cause { return }
    let closed = closing(change)
    // What takes the whole position and more has the whole cost, which the lots sum up to.
    guard !closed.isZero, change.quantity.steps == -closed.steps else { return }
    let expected = try exact { () throws(FixedPointError) in
      try lots[change.instrument.place].cost(of: closed)
    }
    guard expected.steps == -cost.steps else { throw .notTheLots(cause) }
  }

  private mutating func moveLots(
    _ change: Posting.Change, _ cost: Cash, _ posting: Posting
  ) throws(LedgerError) {
    do throws(FixedPointError) {
      try moveExactly(change, cost, posting)
    } catch {
      throw .amount(error)
    }
  }

  private mutating func moveExactly(
    _ change: Posting.Change, _ cost: Cash, _ posting: Posting
  ) throws(FixedPointError) {
    let place = change.instrument.place
    let held = quantities[place]
    let costAfter = balances[holdingsStart + place]
    let after = try held.adding(change.quantity)
    if case .split = posting.cause, !after.isZero {
      if after.sign == held.sign {
        try lots[place].split(
          from: Lot(quantity: held, cost: costAfter.subtracting(cost)),
          to: Lot(quantity: after, cost: costAfter))
      } else {
        try lots[place].remove(held)
        lots[place].add(Lot(quantity: after, cost: costAfter))
      }
      return
    }
    let closed = closing(change)
    let opened = Quantity(steps: change.quantity.steps + closed.steps)
    try lots[place].remove(closed)
    guard !opened.isZero else { return }
    // What turned a position around is all there is.
    lots[place].add(Lot(quantity: opened, cost: closed.isZero ? cost : costAfter))
  }

  /// What `quantity` of a position, taken out of it, had cost. It has the position's sign.
  func cost(of quantity: Quantity, in instrument: InstrumentID) throws(FixedPointError) -> Cash {
    let held = quantities[instrument.place]
    if quantity == held { return cost(instrument) }
    return switch costRule {
    case .average: try cost(instrument).scaled(by: quantity.steps, over: held.steps)
    case .firstIn: try lots[instrument.place].cost(of: quantity)
    }
  }
}

// The books as a snapshot keeps them.
extension Ledger {
  func write(to writer: inout ByteWriter) {
    writer.write(costRule.rawValue)
    writer.write(balances)
    writer.write(quantities)
    writer.write(executed)
    writer.write(realisedOf)
    writer.write(residues)
    writer.write(UInt32(lots.count))
    for queue in lots {
      writer.write(UInt32(queue.open.count))
      for lot in queue.open {
        writer.write(lot.quantity)
        writer.write(lot.cost)
      }
    }
    writer.write(UInt64(postings))
  }

  /// Refuses the books of other instruments or currencies than the table's.
  init(_ table: InstrumentTable, from reader: inout ByteReader) throws(JournalError) {
    self.init(table, costRule: try reader.readCase("rule of costs"))
    balances = try reader.readAmounts(balances.count)
    quantities = try reader.readAmounts(quantities.count)
    executed = try reader.readAmounts(executed.count)
    realisedOf = try reader.readAmounts(realisedOf.count)
    residues = try reader.readAmounts(residues.count)
    try reader.readCount(lots.count)
    for place in lots.indices {
      for _ in 0..<(try reader.read(UInt32.self)) {
        lots[place].add(Lot(quantity: try reader.readAmount(), cost: try reader.readAmount()))
      }
    }
    postings = Int(truncatingIfNeeded: try reader.read(UInt64.self))
  }
}
