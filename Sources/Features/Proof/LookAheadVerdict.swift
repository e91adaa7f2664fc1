import Market
import Runtime

/// One feature's value that moved although nothing known at its bar had changed.
public struct LookAheadFinding: Sendable {
  public enum Cause: String, Sendable {
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
  /// The first row that differs.
  public let row: Int
  public let expected: Double
  public let was: Double
  public let cause: Cause
  /// Where the future was cut off and how it was changed, for a cause that lies there.
  public internal(set) var cut: Int?
  public internal(set) var alteration: Alteration?

  public var json: JSON {
    [
      "column": JSON(column), "row": JSON(row), "expected": JSON(expected), "was": JSON(was),
      "cause": JSON(cause.rawValue), "cut": JSON(cut), "alteration": JSON(alteration?.rawValue),
    ]
  }
}

/// What the proof tried and what it found.
public struct LookAheadVerdict: Sendable {
  public let features: [FeatureDescription]
  public let symbol: Symbol
  public let bars: Int
  /// Of every time and number the proof was made on: other data, other proof.
  public let dataHash: SHA256Digest
  public let cuts: [Int]
  public let seed: UInt64
  public let findings: [LookAheadFinding]

  public var isClean: Bool { findings.isEmpty }
  /// How often features were computed on a changed future.
  public var trials: Int { cuts.count * Alteration.allCases.count }

  /// One plain sentence for a page or a terminal.
  public var sentence: String {
    guard let first = findings.first else {
      return
        "\(features.count) features looked at no later bar: nothing moved in \(trials) changed "
        + "futures (\(cuts.count) cuts) of \(symbol)"
    }
    return "\(findings.count) of \(features.count) features failed, first \(first.column) at row "
      + "\(first.row): \(first.expected) became \(first.was) (\(first.cause.rawValue))"
  }

  /// The certificate, as it goes into manifests.
  public var json: JSON {
    [
      "verdict": JSON(isClean ? "clean" : "leak"), "symbol": JSON(symbol.text), "bars": JSON(bars),
      "data_sha256": JSON(dataHash.description),
      "features": JSON(
        features.map { ["name": JSON($0.name), "formula": JSON($0.formula)] as JSON }),
      "cuts": JSON(cuts.count), "alterations": JSON(Alteration.allCases.map { JSON($0.rawValue) }),
      "seed": JSON(seed), "findings": JSON(findings.map(\.json)),
    ]
  }
}
