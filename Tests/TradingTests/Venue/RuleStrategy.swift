import Foundation
import Market
import Numerics
import Runtime
import Trading

/// Does what the order cell of a row of docs/FILL_RULES.md says, when it says so.
struct RuleStrategy: Strategy {
  /// By the number of bars after which they are due.
  private var acts: [(after: Int, words: [String])] = []
  private var bars = 0

  let name = "rule"
  let warmUp = 0

  init(_ orders: String) {
    for part in orders.components(separatedBy: ";") {
      let words = part.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      acts.append(
        first == "after" ? (Int(words[1]) ?? 0, Array(words.dropFirst(2))) : (0, words))
    }
  }

  mutating func onStart(_ desk: inout Desk) { act(&desk) }

  mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    bars += 1
    act(&desk)
  }

  private func act(_ desk: inout Desk) {
    for (_, words) in acts.filter({ $0.after == bars }) {
      switch words[0] {
      case "cancel": desk.cancel(OrderID(UInt64(words[1]) ?? 0))
      case "replace":
        desk.replace(
          OrderID(UInt64(words[1]) ?? 0),
          with: OrderTerms(quantity: quantity(words[2]), type: type(Array(words.dropFirst(3)))))
      case "bracket":
        let target = words.firstIndex(of: "target") ?? 0
        desk.submitBracket(
          intent(Array(words[1..<target])), takeProfit: price(words[target + 1]),
          stopLoss: type(Array(words[(target + 2)...])))
      case "oco":
        desk.submitAlternatives(
          words.dropFirst().split(separator: "or").map { intent(Array($0)) })
      default: desk.submit(intent(words))
      }
    }
  }

  private func price(_ text: String) -> Price { (try? Price(parsing: text)) ?? .zero }
  private func quantity(_ text: String) -> Quantity { (try? Quantity(parsing: text)) ?? .zero }

  private func intent(_ words: [String]) -> OrderIntent {
    var intent = OrderIntent(
      words[0] == "buy" ? .buy : .sell, quantity(words[1]), of: InstrumentID(0),
      type: type(Array(words.dropFirst(2))))
    if words.contains("gtc") { intent.timeInForce = .untilCancelled }
    if words.contains("ioc") { intent.timeInForce = .immediateOrCancel }
    if words.contains("fok") { intent.timeInForce = .fillOrKill }
    intent.outsideHours = words.contains("outside")
    return intent
  }

  private func type(_ words: [String]) -> OrderType {
    let amount = words.count > 1 ? try? Price(parsing: words[1]) : nil
    switch words[0] {
    case "limit": return .limit(amount ?? .zero)
    case "stop":
      guard let place = words.firstIndex(of: "limit") else { return .stop(amount ?? .zero) }
      return .stopLimit(stop: amount ?? .zero, limit: price(words[place + 1]))
    case "trail":
      if let amount { return .trailing(.amount(amount)) }
      let percent = Int64(words[1].dropLast()) ?? 0
      return .trailing(.part(Rate(steps: percent * Rate.stepsPerUnit / 100)))
    case "open": return .atOpen(limit: amount)
    case "close": return .atClose(limit: amount)
    default: return .market
    }
  }
}

/// Keeps what the venue said, in words.
struct WordJournal: JournalSink {
  var records: [JournalRecord] = []

  mutating func append(_ record: JournalRecord) { records.append(record) }
  mutating func commit() {}

  /// In the words of docs/FILL_RULES.md; with the order's number where there are several.
  func words(charges: Bool, numbered: Bool) -> String {
    let words = said(charges: charges, numbered: numbered)
    return words.isEmpty ? "waits" : words.joined(separator: "; ")
  }

  private func said(charges: Bool, numbered: Bool) -> [String] {
    records.compactMap { record -> String? in
      switch record {
      case .told(.report(let report)):
        guard let text = Self.text(report.content, charges) else { return nil }
        return (numbered ? "#\(report.order.number) " : "") + text
      case .told(.booking(let booking)):
        return "\(booking.kind) \(booking.cash)"
          + (booking.quantity.isZero ? "" : " shares \(booking.quantity)")
      case .denied(let order, let denial): return "#\(order.id.number) denied \(denial.code)"
      default: return nil
      }
    }
  }

  private static func text(_ content: VenueReport.Content, _ charges: Bool) -> String? {
    switch content {
    case .accepted: nil
    case .rejected(let why): "rejected \(why.words)"
    case .triggered: "triggered"
    case .executed(let execution):
      "\(execution.quantity) @ \(execution.price) \(execution.reason.words)"
        + (charges ? " fee \(execution.commission)" : "")
        + (execution.taxes.isZero ? "" : " tax \(execution.taxes)")
    case .replaced(let terms): "replaced \(terms.quantity)"
    case .replaceRejected(let why): "replace rejected \(why.words)"
    case .cancelRejected(let why): "cancel rejected \(why.words)"
    case .ended(let end): end.words
    }
  }
}
