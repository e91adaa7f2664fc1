import Market
import Runtime

/// What a series must have before anything else can be asked.
enum SchemaCheck {
  static func findings(_ subject: Subject) -> [Finding] {
    let batch = subject.batch
    guard batch.count > 0 else {
      return [subject.finding(.emptySeries, at: nil, count: 0, "the series has no bar")]
    }
    let missing = BarLayout.required.filter { batch[$0] == nil }
    var findings = missing.map { name in
      subject.finding(
        .missingColumn, at: nil, count: batch.count,
        "no column \"\(name)\" (found: \(batch.columns.map(\.name).joined(separator: ", ")))")
    }
    if batch.volume == nil {
      findings.append(
        subject.finding(.noVolume, at: nil, count: batch.count, "no bar has a volume"))
    }
    return findings
  }
}
