import Market
import Numerics
import Runtime

/// What a journal says of itself, and whether its records make sense together.
public struct JournalCheck: Sendable {
  public private(set) var summary = JournalSummary()
  /// How many records there are of each kind.
  public private(set) var kinds: [String: Int] = [:]
  /// What is wrong with its records, by number; none of it is damage to bytes.
  public private(set) var findings: [(record: UInt64, finding: String)] = []
  private var ordered: Set<UInt64> = []
  private var executed: Set<ExecutionID> = []

  /// Reads every record.
  public init(_ disk: any JournalDisk) throws(JournalError) {
    summary = try JournalReader(disk).read { stored throws(JournalError) in
      check(try stored.decoded(), stored.sequence)
    }
    guard !summary.parts.isEmpty else { throw .empty(disk.place) }
  }

  private mutating func check(_ record: JournalRecord, _ sequence: UInt64) {
    kinds[record.kindName, default: 0] += 1
    switch record {
    case .submitted(let order), .reduced(let order, _), .denied(let order, _):
      ordered.insert(order.id.number)
    case .posted(let posting):
      for currency in Set(posting.lines.map(\.currency)) {
        let sum = posting.lines.filter { $0.currency == currency }
          .reduce(Int128.zero) { $0 + Int128($1.amount.steps) }
        if sum != 0 { findings.append((sequence, "a posting that does not balance")) }
      }
      if case .execution(let id) = posting.cause, !executed.insert(id).inserted {
        findings.append((sequence, "an execution that was posted before"))
      }
    default:
      if let order = record.order, !ordered.contains(order.number) {
        findings.append((sequence, "\(order), which no record before it has let out"))
      }
    }
  }

  public var json: JSON {
    [
      "records": JSON(summary.next), "closed": JSON(summary.isClosed),
      "segments": JSON(
        summary.parts.map { part in
          [
            "name": .string(part.name), "format": JSON(part.version), "first": JSON(part.first),
            "records": JSON(part.records), "bytes": JSON(part.bytes),
          ]
        }),
      "torn_tail": summary.tail.map { tail in
        [
          "segment": .string(tail.segment), "offset": JSON(tail.offset), "bytes": JSON(tail.bytes),
          "finding": .string(tail.finding),
        ]
      } ?? .null,
      "kinds": .object(
        kinds.sorted { $0.key < $1.key }.map { JSON.Member($0.key, JSON($0.value)) }),
      "findings": JSON(
        findings.map { ["record": JSON($0.record), "finding": .string($0.finding)] }),
    ]
  }
}
