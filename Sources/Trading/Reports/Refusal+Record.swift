import Market
import Runtime

extension RunReport.Refusal {
  /// What the gate refused in a run, by reason, the most frequent first.
  static func all(of record: RunRecord, _ orders: OrderList) -> [RunReport.Refusal] {
    var found: [DenialCode: RunReport.Refusal] = [:]
    for (id, denial) in record.denials {
      guard let time = orders[id]?.order.createdAt else { continue }
      var refusal =
        found[denial.code]
        ?? RunReport.Refusal(reason: denial.code.words, count: 0, first: time, last: time)
      refusal.count += 1
      refusal.last = max(refusal.last, time)
      found[denial.code] = refusal
    }
    return found.values.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }
}

extension DenialCode {
  /// `quantityNotPositive` as "quantity not positive".
  fileprivate var words: String {
    "\(self)".reduce(into: "") { words, letter in
      words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
  }
}
