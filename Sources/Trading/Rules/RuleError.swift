import Features
import Market
import Runtime

/// Why a file of rules is no strategy.
public enum RuleError: DiagnosedError, Equatable {
  case configuration(ConfigurationError)
  case expression(ExpressionError)
  case features(FeatureError)
  /// A column that rules cannot read.
  case column(String, rule: String, file: String)
  case outOfRange(rule: String, file: String, found: Double, allowed: String)
  case sameConditions(String, String, file: String)
  /// Bars at which an entry held, each of them with its exit.
  case neverEnters(entry: String, exit: String, file: String, bars: Int)
  case unknownParameter(String, file: String, known: [String])
  case parameterOutOfRange(String, Double, ClosedRange<Double>)
  case leak(String, file: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .configuration(let error): error.diagnosis
    case .expression(let error): error.diagnosis
    case .features(let error): error.diagnosis
    case .unknownParameter(let name, let file, let known):
      .unknownParameter(name, of: file, known: known)
    case .leak(let sentence, let file):
      Diagnosis(
        place: file, finding: sentence, remedy: "correct the rule; no figure holds before that",
        exitCode: .refused)
    default:
      Diagnosis(
        place: words.place, finding: words.finding, remedy: words.remedy, exitCode: .wrongUsage)
    }
  }

  private var words: (place: String, finding: String, remedy: String) {
    switch self {
    case .column(let name, let rule, let file):
      (
        "\(file), \(rule)", "rules cannot read \(Excerpt.bare(name))",
        "they have open, high, low, close and volume, the calendar (day_of_week, minute_of_day), longer "
          + "bars by timeframe(close, '1d'), and other symbols by rank(returns(close, 20))"
      )
    case .outOfRange(let rule, let file, let found, let allowed):
      ("\(file), \(rule)", "\(found) is out of range", "give a number \(allowed)")
    case .sameConditions(let one, let other, let file):
      (
        "\(file), \(other)", "\(one) and \(other) are the same condition",
        "they contradict each other: change one of the two"
      )
    case .neverEnters(let entry, let exit, let file, let bars):
      (
        "\(file), \(entry)",
        "at each of the \(NumberText.count(bars)) bars where \(entry) holds, \(exit) holds too",
        "\(exit) goes first, so nothing would ever be traded: change one of the two"
      )
    case .parameterOutOfRange(let name, let value, let range):
      (
        "parameter \(name)", "\(JSON(value).text()) is out of the range that the file gives",
        "choose a number from \(JSON(range.lowerBound).text()) to \(JSON(range.upperBound).text())"
      )
    default: ("", "", "")
    }
  }
}
