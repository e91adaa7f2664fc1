import Market
import Runtime

/// What a model is asked to foresee: computed from a bar and from bars after it.
///
/// A label may look forward, by at most its horizon and not a bar further; whoever trains on it must
/// wait until it is settled.
public protocol Label: Sendable {
  /// As the column of a training set is called: `label_h5`.
  var name: String { get }
  /// How many later bars a value can depend on.
  var horizon: Int { get }
  func column(over frame: Frame) throws(FeatureError) -> LabelColumn
}

/// A label for each bar, and the bar that settled it.
public struct LabelColumn: Sendable {
  /// Missing where the bars that would settle it are not there.
  public let values: Column<Double>
  /// The row whose bar settled the label; −1 where it is missing.
  public let settledRow: Column<Int32>
  /// When that bar became known, UTC nanoseconds; `Int64.max` where the label is missing.
  public let settledAt: Column<Int64>

  /// - Parameter settled: for each row its value and the row that settled it, or `nil`.
  init(frame: Frame, _ settled: (Int) -> (value: Double, row: Int)?) {
    var values = [Double](repeating: .nan, count: frame.count)
    var rows = [Int32](repeating: -1, count: frame.count)
    for row in 0..<frame.count {
      guard let (value, last) = settled(row), value.isFinite else { continue }
      precondition(last > row && last < frame.count, "a label is settled by a later bar")
      values[row] = value
      rows[row] = Int32(last)
    }
    self.values = Column(values)
    settledRow = Column(rows)
    settledAt = Column(rows.map { $0 < 0 ? Int64.max : frame.knownAt[Int($0)] })
  }
}

/// What can be wrong with how labels are asked for.
public enum LabelError: DiagnosedError, Equatable {
  case horizonNotPositive(Int)
  case notPositive(String, Double)

  public var diagnosis: Diagnosis {
    switch self {
    case .horizonNotPositive(let horizon):
      Diagnosis(
        place: "horizon", finding: "\(horizon) bars do not reach into the future",
        remedy: "give at least 1, as in 5 or 20", exitCode: .wrongUsage)
    case .notPositive(let what, let found):
      Diagnosis(
        place: what, finding: "\(found) is not a usable number",
        remedy: "give a finite number above zero", exitCode: .wrongUsage)
    }
  }
}
