import Runtime

/// A value that moved although nothing known when it is used had changed.
public struct LookAheadFinding: Sendable, Equatable {
  public enum Cause: String, Sendable, CaseIterable {
    /// It depends on something not known yet.
    case future
    /// Two runs over the same bars differ.
    case nondeterminism
    /// It gives values before its declared look-back is full.
    case warmUp = "warm_up"
    /// The incremental form gives other values than the batch form.
    case streamDiffers = "stream_differs"
  }

  public let column: String
  /// What the rows are of: a symbol, as a rule.
  public let table: String
  /// The first row that differs.
  public let row: Int
  /// When that row is used, UTC nanoseconds.
  let usedAt: Int64?
  public let expected: Double
  public let was: Double
  public let cause: Cause
  /// When the future was cut off and how it was changed, for a cause that lies there.
  public let cut: Timestamp?
  public let alteration: Alteration?

  public var json: JSON {
    let time = usedAt.flatMap { $0 == .max ? nil : Timestamp(nanoseconds: $0).description }
    return [
      "column": JSON(column), "symbol": JSON(table), "row": JSON(row), "time": JSON(time),
      "expected": JSON(expected), "was": JSON(was), "cause": JSON(cause.rawValue),
      "cut": JSON(cut?.description), "alteration": JSON(alteration?.rawValue),
    ]
  }

  /// For a page or a terminal.
  public var sentence: String {
    let place = "\(column) of \(table), row \(row): \(expected)"
    return switch cause {
    case .future:
      "\(place) became \(was) when what followed \(cut?.description ?? "") was changed "
        + "(\(alteration?.rawValue ?? "")): it looks ahead"
    case .nondeterminism: "\(place), and \(was) in a second run: it is not a function of the bars"
    case .warmUp:
      "\(column) of \(table), row \(row): has a value (\(was)) before its look-back is full"
    case .streamDiffers: "\(place), and \(was) bar by bar: batch and stream differ"
    }
  }
}

/// What the proof tried and what it found.
public struct LookAheadVerdict: Sendable {
  public let columns: [String]
  public let symbols: [String]
  public let bars: Int
  public private(set) var cuts: Int
  public let seed: UInt64
  /// How many values were compared.
  public private(set) var compared: Int
  /// At most one a symbol and column.
  public private(set) var findings: [LookAheadFinding]

  public var isClean: Bool { findings.isEmpty }
  /// How often everything was computed on a changed future.
  public var trials: Int { cuts * Alteration.allCases.count }

  /// Takes over what was tried on a part of the same bars.
  mutating func add(_ other: LookAheadVerdict) {
    cuts += other.cuts
    compared += other.compared
    let known = Set(findings.map { [$0.table, $0.column] })
    findings += other.findings.filter { !known.contains([$0.table, $0.column]) }
  }

  /// One plain sentence for a page or a terminal.
  public var sentence: String {
    guard let first = findings.first else {
      let names = symbols.count > 3 ? "\(symbols.count) symbols" : symbols.joined(separator: ", ")
      return "\(columns.count) columns looked at no later bar: nothing moved in \(trials) changed "
        + "futures (\(cuts) cuts) of \(names)"
    }
    let failed = Set(findings.map(\.column)).count
    return "\(failed) of \(columns.count) columns failed, first \(first.sentence)"
  }

  public var json: JSON {
    [
      "verdict": JSON(isClean ? "clean" : "leak"), "columns": JSON(columns.map { JSON($0) }),
      "symbols": JSON(symbols.map { JSON($0) }), "bars": JSON(bars), "cuts": JSON(cuts),
      "alterations": JSON(Alteration.allCases.map { JSON($0.rawValue) }), "seed": JSON(seed),
      "compared": JSON(compared), "findings": JSON(findings.map(\.json)),
    ]
  }
}
