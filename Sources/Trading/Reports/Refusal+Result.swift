import Market
import Runtime

extension RunReport.Refusal {
  /// What the gate refused or made smaller in a run, and the breakers that tripped, by reason, the most
  /// frequent first.
  static func all(of result: BacktestResult) -> [RunReport.Refusal] {
    var found: [String: RunReport.Refusal] = [:]
    for held in result.heldBack {
      let reason = (held.isReduction ? "made smaller: " : "") + held.denial.code.finding
      var refusal =
        found[reason]
        ?? RunReport.Refusal(reason: reason, count: 0, first: held.time, last: held.time)
      refusal.count += 1
      (refusal.first, refusal.last) = (min(refusal.first, held.time), max(refusal.last, held.time))
      found[reason] = refusal
    }
    for breaker in result.breakers {
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
