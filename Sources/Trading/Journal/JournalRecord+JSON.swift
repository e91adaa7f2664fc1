import Market
import Numerics
import Runtime

/// A record as a person or another program reads it: flat, amounts as exact decimal text.
extension JournalRecord {
  public var json: JSON {
    var fields: [JSON.Member] = [JSON.Member("kind", .string(kindName))]
    describe(into: &fields)
    return .object(fields)
  }

  /// `submitted`, `executed`, `posted`.
  public var kindName: String {
    switch self {
    case .began: "began"
    case .clock: "clock"
    case .timer: "timer"
    case .submitted: "submitted"
    case .reduced: "reduced"
    case .denied: "denied"
    case .replacing: "replacing"
    case .replaceDenied: "replace_denied"
    case .cancelling: "cancelling"
    case .doubted: "doubted"
    case .told(.report(let report)): report.content.name
    case .told(.booking(let booking)): "\(booking.kind)"
    case .posted: "posted"
    case .changed: "changed"
    case .operated: "operated"
    case .ended: "ended"
    }
  }

  /// When it happened.
  public var time: Timestamp {
    switch self {
    case .began(let header): header.startedAt
    case .clock(let time), .ended(let time): time
    case .timer(_, let time), .replacing(_, _, let time), .replaceDenied(_, _, let time): time
    case .submitted(let order), .reduced(let order, _), .denied(let order, _): order.createdAt
    case .cancelling(_, let time), .doubted(_, let time), .changed(_, _, let time),
      .operated(_, _, _, let time):
      time
    case .told(.report(let report)): report.time
    case .told(.booking(let booking)): booking.time
    case .posted(let posting): posting.time
    }
  }

  /// The order it is about, where it is about one.
  public var order: OrderID? {
    switch self {
    case .submitted(let order), .reduced(let order, _), .denied(let order, _): order.id
    case .replacing(let id, _, _), .replaceDenied(let id, _, _), .cancelling(let id, _),
      .doubted(let id, _):
      id
    case .told(.report(let report)): report.order
    default: nil
    }
  }

  private func describe(into fields: inout [JSON.Member]) {
    fields.add("time", time.description)
    if let order { fields.append(JSON.Member("order", JSON(order.number))) }
    switch self {
    case .began(let header):
      fields.append(JSON.Member("seed", .string(String(header.seed))))
      fields.add("strategy", header.strategy)
      fields.add("settings", header.settings)
      fields.add("code", header.code)
      fields.add("instruments", header.instruments)
    case .timer(let timer, _): fields.append(JSON.Member("timer", JSON(timer.number)))
    case .submitted(let order): fields.add(order.intent)
    case .reduced(let order, let denial), .denied(let order, let denial):
      fields.add(order.intent)
      fields.add(denial)
    case .replacing(_, let terms, _): fields.add(terms)
    case .replaceDenied(_, let denial, _): fields.add(denial)
    case .told(.report(let report)): fields.add(report.content)
    case .told(.booking(let booking)):
      if let instrument = booking.instrument { fields.add(instrument) }
      fields.add("cash", booking.cash.description)
      fields.add("quantity", booking.quantity.description)
    case .posted(let posting): fields.add(posting)
    case .changed(let key, let value, _):
      fields.add("key", key)
      fields.add("value", value)
    case .operated(let act, let by, let reason, _):
      fields.add("act", act)
      fields.add("by", by)
      fields.add("reason", reason)
    case .clock, .cancelling, .doubted, .ended: break
    }
  }
}

extension [JSON.Member] {
  fileprivate mutating func add(_ key: String, _ text: String) {
    append(JSON.Member(key, .string(text)))
  }

  fileprivate mutating func add(_ instrument: InstrumentID) {
    append(JSON.Member("instrument", JSON(instrument.index)))
  }

  fileprivate mutating func add(_ intent: OrderIntent) {
    add(intent.instrument)
    add("side", "\(intent.side)")
    add("quantity", intent.quantity.description)
    add(intent.type)
    add("time_in_force", "\(intent.timeInForce)")
  }

  fileprivate mutating func add(_ terms: OrderTerms) {
    add("quantity", terms.quantity.description)
    add(terms.type)
  }

  fileprivate mutating func add(_ type: OrderType) {
    switch type {
    case .market: add("type", "market")
    case .limit(let limit):
      add("type", "limit")
      add("limit", limit.description)
    case .stop(let stop):
      add("type", "stop")
      add("stop", stop.description)
    case .stopLimit(let stop, let limit):
      add("type", "stop_limit")
      add("stop", stop.description)
      add("limit", limit.description)
    case .trailing(.amount(let amount)):
      add("type", "trailing_stop")
      add("behind", amount.description)
    case .trailing(.part(let part)):
      add("type", "trailing_stop")
      add("behind_part", part.description)
    case .atOpen(let limit):
      add("type", "at_open")
      if let limit { add("limit", limit.description) }
    case .atClose(let limit):
      add("type", "at_close")
      if let limit { add("limit", limit.description) }
    }
  }

  fileprivate mutating func add(_ denial: Denial) {
    add("denial", "\(denial.code)")
    append(JSON.Member("found", JSON(denial.found)))
    append(JSON.Member("allowed", JSON(denial.allowed)))
  }

  fileprivate mutating func add(_ content: VenueReport.Content) {
    switch content {
    case .accepted, .triggered: break
    case .rejected(let why), .replaceRejected(let why), .cancelRejected(let why):
      add("reason", "\(why)")
    case .executed(let execution):
      add("quantity", execution.quantity.description)
      add("cumulative", execution.cumulative.description)
      add("price", execution.price.description)
      add("reference", execution.reference.description)
      add("commission", execution.commission.description)
      add("taxes", execution.taxes.description)
      add("reason", "\(execution.reason)")
    case .replaced(let terms): add(terms)
    case .ended(let end): add("reason", "\(end)")
    }
  }

  fileprivate mutating func add(_ posting: Posting) {
    add("cause", posting.cause.text)
    if let change = posting.change {
      add(change.instrument)
      add("quantity", change.quantity.description)
    }
    append(
      JSON.Member(
        "lines",
        JSON(
          posting.lines.map { line in
            ["account": .string(line.account.text), "amount": .string(line.amount.description)]
          })))
  }
}

extension VenueReport.Content {
  fileprivate var name: String {
    switch self {
    case .accepted: "accepted"
    case .rejected: "rejected"
    case .triggered: "triggered"
    case .executed: "executed"
    case .replaced: "replaced"
    case .replaceRejected: "replace_rejected"
    case .cancelRejected: "cancel_rejected"
    case .ended: "finished"
    }
  }
}

extension LedgerAccount {
  /// `cash 0`, `holdings 3`: the kind, and the number of the currency or instrument.
  public var text: String {
    switch self {
    case .cash(let id): "cash \(id.index)"
    case .unsettled(let id): "unsettled \(id.index)"
    case .holdings(let id): "holdings \(id.index)"
    case .commission(let id): "commission \(id.index)"
    case .taxes(let id): "taxes \(id.index)"
    case .borrowing(let id): "borrowing \(id.index)"
    case .dividends(let id): "dividends \(id.index)"
    case .realised(let id): "realised \(id.index)"
    case .capital(let id): "capital \(id.index)"
    case .conversion(let id): "conversion \(id.index)"
    case .rounding(let id): "rounding \(id.index)"
    case .adopted(let id): "adopted \(id.index)"
    }
  }
}
