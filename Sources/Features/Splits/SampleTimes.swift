import Market
import Runtime

/// When each sample could first be used, and when its label was settled; samples of several symbols
/// may stand in any order.
public struct SampleTimes: Sendable {
  /// UTC nanoseconds.
  public let knownAt: [Int64]
  /// UTC nanoseconds; `Int64.max` for a sample without a label, which belongs to no part.
  public let settledAt: [Int64]

  public init(knownAt: [Int64], settledAt: [Int64]) {
    precondition(knownAt.count == settledAt.count, "two times for each sample")
    self.knownAt = knownAt
    self.settledAt = settledAt
  }

  public init(_ frame: Frame, _ labels: LabelColumn) {
    self.init(knownAt: Array(frame.knownAt), settledAt: Array(labels.settledAt))
  }

  public var count: Int { knownAt.count }

  func isSettled(_ sample: Int) -> Bool { settledAt[sample] != .max }
}

/// The samples a model learns from, those that steer its learning, and those that judge it, by
/// position and in ascending order.
public struct Fold: Equatable, Sendable {
  public let name: String
  public var train: [Int]
  public var validation: [Int]
  public var test: [Int]
  /// Samples left out because their labels reach into another part, or lie within the embargo.
  public var purged: Int
}

/// Why samples cannot be split as asked.
public enum SplitError: DiagnosedError, Equatable {
  case setting(String, found: String, expected: String)
  /// A part came out empty.
  case tooFew(part: String, instants: Int)

  public var diagnosis: Diagnosis {
    switch self {
    case .setting(let key, let found, let expected):
      Diagnosis(
        place: key, finding: "\(found) is not \(expected)", remedy: "give \(expected)",
        exitCode: .wrongUsage)
    case .tooFew(let part, let instants):
      Diagnosis(
        place: "split", finding: "nothing is left for \(part) of \(instants) instants",
        remedy: "give more bars, a shorter horizon or a shorter embargo")
    }
  }
}
