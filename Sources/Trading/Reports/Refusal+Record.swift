import Market
import Runtime

extension RunReport.Refusal {
  /// What the gate refused or made smaller in a run, and the breakers that tripped, by reason, the most
  /// frequent first.
  static func all(of record: RunRecord, _ orders: OrderList) -> [RunReport.Refusal] {
    let refused = record.denials.map { ($0.order, $0.denial.code.finding) }
    let reduced = record.reductions.map { ($0.order, "made smaller: \($0.denial.code.finding)") }
    var found: [String: RunReport.Refusal] = [:]
    for (id, reason) in refused + reduced {
      guard let time = orders[id]?.order.createdAt else { continue }
      var refusal =
        found[reason] ?? RunReport.Refusal(reason: reason, count: 0, first: time, last: time)
      refusal.count += 1
      (refusal.first, refusal.last) = (min(refusal.first, time), max(refusal.last, time))
      found[reason] = refusal
    }
    for breaker in record.breakers {
      let reason = "breaker of \(breaker.name): \(breaker.denial.finding)"
      var trip =
        found[reason]
        ?? RunReport.Refusal(reason: reason, count: 0, first: breaker.at, last: breaker.at)
      trip.count += 1
      trip.last = max(trip.last, breaker.at)
      found[reason] = trip
    }
    return found.values.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }
}
