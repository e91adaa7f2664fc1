import Market
import Runtime

extension Finding {
  /// One object a finding; the first six keys are promised to programs, in this order.
  public var json: JSON {
    [
      "code": JSON(code), "severity": JSON(severity.rawValue), "symbol": JSON(symbol.text),
      "timestamp": JSON(timestamp?.description), "found": JSON(found), "action": JSON(action),
      "interval": JSON(interval.description), "count": JSON(count),
    ]
  }
}

/// Findings of one kind in one series, as a table shows them.
public struct FindingGroup: Sendable {
  public let first: Finding
  public let findings: [Finding]

  public var code: String { first.code }
  public var severity: Finding.Severity { first.severity }
  public var symbol: Symbol { first.symbol }

  /// How many bars they concern together.
  public var count: Int { findings.reduce(0) { $0 + $1.count } }

  /// Worst first, then by symbol and in the order in which they were found.
  public static func groups(of findings: [Finding]) -> [FindingGroup] {
    var order: [String] = []
    var members: [String: [Finding]] = [:]
    for finding in findings {
      let key =
        "\(finding.severity.rawValue) \(finding.symbol.text) \(finding.interval) \(finding.code)"
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(finding)
    }
    let groups = order.compactMap { key in
      members[key].flatMap { members in
        members.first.map { FindingGroup(first: $0, findings: members) }
      }
    }
    return groups.enumerated().sorted { a, b in
      (b.element.severity, a.element.symbol, a.offset) < (
        a.element.severity, b.element.symbol, b.offset
      )
    }.map(\.element)
  }
}
