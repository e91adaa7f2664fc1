import Market
import Runtime

// What came before: an earlier process, or a connection that was lost.
extension Engine {
  /// Goes on where the journal ends, instead of `start`.
  ///
  /// - Parameter recovered: what the journal led to; the engine was made with its account.
  public mutating func resume(
    after recovered: RecoveredAccount, at time: Timestamp
  ) throws(EngineError) {
    desk.now = max(desk.now, time)
    for posting in recovered.unwritten { try write(.posted(posting)) }
    try write(.clock(desk.now))
    // What was sent, or perhaps not, only the venue can say.
    for id in desk.account.orders.open { try doubt(id) }
    nameStrategy()
    try writeRules()
    try commit()
    strategy.onStart(&desk)
    try settle()
  }

  /// Compares the account with what the venue says of it, and takes what it tells. To be done after every
  /// start and whenever a connection is there again, before anything else.
  ///
  /// - Parameter adoption: by whom and why the venue's cash and positions are taken over where they still
  ///   differ; without it they are only named.
  /// - Returns: what differs, or differed before it was adopted.
  public mutating func reconcile(
    with statement: VenueStatement, adoption: (by: String, reason: String)? = nil
  ) throws(EngineError) -> [Trading.Difference] {
    desk.now = max(desk.now, statement.time)
    let reconciliation = try Reconciliation(desk.account, with: statement)
    for message in reconciliation.messages { try hear(message) }
    for case .missing(let id) in reconciliation.differences { try doubt(id) }
    if let adoption, !reconciliation.adoption.isEmpty {
      try write(
        .operated(act: "adopt", by: adoption.by, reason: adoption.reason, at: desk.now))
      for posting in reconciliation.adoption {
        try write(.posted(posting))
        do { try desk.account.ledger.post(posting) } catch { throw .ledger(error) }
      }
    }
    try settle()
    return reconciliation.differences
  }

  /// What a restart needs of it, for `Journal.save`: what the gate remembers, and the account.
  public var saved: [UInt8] {
    var writer = ByteWriter(capacity: 4096)
    writer.write(gate.memory.json.text())
    writer.write(desk.account.saved)
    return writer.bytes
  }

  private mutating func doubt(_ id: OrderID) throws(EngineError) {
    guard desk.account.orders[id]?.state.isOver == false else { return }
    try write(.doubted(id, at: desk.now))
    desk.account.orders.doubt(id)
  }
}

/// An account as its journal has it, and the journal, open for what follows.
public struct RecoveredAccount {
  public let journal: Journal
  public let account: Account
  /// The gate as acts of operators left it.
  public let gate: RiskGate
  /// When the last record was made, or `nil` where there is none.
  public let lastTime: Timestamp?
  /// Postings that follow from the last records, but were not written any more.
  public let unwritten: [Posting]

  /// Opens the journal on `disk`, or begins one.
  ///
  /// - Parameters:
  ///   - opening: the account before the first record.
  ///   - gate: as it is before the first record.
  public init(
    _ disk: any JournalDisk, identity: UInt64, settings: JournalSettings = JournalSettings(),
    opening: Account, gate: RiskGate
  ) throws(EngineError) {
    var fold = Fold(account: opening, gate: gate)
    var fault: EngineError?
    do throws(JournalError) {
      journal = try Journal(
        disk, identity: identity, settings: settings,
        restore: { snapshot throws(JournalError) in
          fold = try Fold(opening.table, saved: snapshot.state, gate: gate)
        },
        replay: { stored throws(JournalError) in
          let record = try stored.decoded()
          do throws(EngineError) {
            try fold.take(record)
          } catch {
            fault = error
            throw .unreadable(record: stored.sequence, what: "what the records before lead to")
          }
        })
    } catch {
      throw fault ?? .journal(error)
    }
    (account, self.gate, lastTime, unwritten) = (fold.account, fold.gate, fold.time, fold.expected)
  }

  /// What records lead to.
  private struct Fold {
    var account: Account
    var gate: RiskGate
    var time: Timestamp?
    var expected: [Posting] = []

    init(account: Account, gate: RiskGate) { (self.account, self.gate) = (account, gate) }

    init(_ table: InstrumentTable, saved: [UInt8], gate: RiskGate) throws(JournalError) {
      var reader = ByteReader(saved[...])
      let memory = try reader.readText()
      account = try Account(table, saved: Array(saved[reader.offset...]))
      self.gate = gate
      do {
        try self.gate.resume(from: RiskMemory(JSON(parsing: Array(memory.utf8), source: "state")))
      } catch {
        throw reader.malformed("memory of the gate before this byte")
      }
    }

    mutating func take(_ record: JournalRecord) throws(EngineError) {
      try account.replay(record, expecting: &expected)
      time = max(time ?? record.time, record.time)
      guard case .operated(let act, let by, let reason, _) = record,
        let kind = OperatorAct.Kind(rawValue: act)
      else { return }
      gate.take(OperatorAct(kind, by: by, reason: reason), account, at: record.time)
    }
  }
}
