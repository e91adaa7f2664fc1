import Market
import Runtime

/// Records that figures cannot be computed from.
public enum EvidenceError: DiagnosedError, Equatable {
  case noBars
  case lengths(String, Int, bars: Int)
  case notFinite(String, row: Int)
  /// The account was worth nothing before the last bar.
  case ruined(row: Int)
  /// A bar that does not end after the one before it.
  case order(row: Int)
  case riskFreeRate(Double)
  case badTrade(Int, Symbol)
  /// A metric that there is none of by this name.
  case unknownMetric(String, nearest: String?)
  case parameter(String, String, expected: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .noBars:
      Diagnosis(place: "run", finding: "there is no bar", remedy: "give at least one")
    case .lengths(let name, let count, let bars):
      Diagnosis(
        place: name, finding: "it goes with \(count) bars, and the run has \(bars)",
        remedy: "give one number a bar, and of values one more at the beginning")
    case .notFinite(let name, let row):
      Diagnosis(
        place: "\(name)[\(row)]", finding: "the number is missing or infinite",
        remedy: "give a number for each bar")
    case .ruined(let row):
      Diagnosis(
        place: "values[\(row)]", finding: "the account is worth nothing",
        remedy: "end the run there: what follows has no return")
    case .order(let row):
      Diagnosis(
        place: "stamps[\(row)]", finding: "the bar does not end after the one before it",
        remedy: "give bars in the order of time")
    case .riskFreeRate(let rate):
      Diagnosis(
        place: "risk_free_rate", finding: "\(rate) is not a rate above −1",
        remedy: "give it a year and as a plain ratio: 0.03 is three percent", exitCode: .wrongUsage)
    case .badTrade(let index, let symbol):
      Diagnosis(
        place: "trades[\(index)] \(symbol)",
        finding: "its stake is not above zero, an amount is missing, or it ends before it begins",
        remedy: "this is a fault of the program that recorded it: report it")
    case .unknownMetric(let name, let nearest):
      Diagnosis(
        place: name, finding: "there is no metric of this name",
        remedy: nearest.map { "did you mean \($0)?" } ?? "see: martinet report metrics",
        exitCode: .wrongUsage)
    case .parameter(let name, let value, let expected):
      Diagnosis(
        place: name, finding: "\(value) is not \(expected)", remedy: "give \(expected)",
        exitCode: .wrongUsage)
    }
  }
}
