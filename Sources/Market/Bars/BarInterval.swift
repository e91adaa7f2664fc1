import Runtime

/// The length of a bar.
///
/// Shorter than a day it is a length of time; days and weeks are counted in sessions.
public struct BarInterval: Hashable, Sendable {
  public enum Unit: String, Sendable { case second, minute, hour, day, week }
  public let count: Int
  public let unit: Unit

  public init(count: Int, unit: Unit) {
    precondition(count > 0, "a bar has a length")
    self.count = count
    self.unit = unit
  }

  public static let minute = BarInterval(count: 1, unit: .minute)
  public static let hour = BarInterval(count: 1, unit: .hour)
  public static let day = BarInterval(count: 1, unit: .day)
  public static let week = BarInterval(count: 1, unit: .week)

  /// Bars begin and end within one session.
  public var isIntraday: Bool { unit != .day && unit != .week }

  /// The nominal length: a day has 24 hours, though no session has.
  public var length: Duration { .seconds(secondsPerUnit) * count }

  /// Nanoseconds of a bar within a session, or `nil` for days and weeks.
  var intradayNanoseconds: Int64? {
    isIntraday ? secondsPerUnit * Int64(count) * Timestamp.nanosecondsPerSecond : nil
  }

  private var secondsPerUnit: Int64 {
    switch unit {
    case .second: 1
    case .minute: 60
    case .hour: 3600
    case .day: 86_400
    case .week: 7 * 86_400
    }
  }
}

extension BarInterval: Comparable {
  /// By nominal length.
  public static func < (a: BarInterval, b: BarInterval) -> Bool { a.length < b.length }
}

extension BarInterval: CustomStringConvertible {
  /// What help and messages offer; any other whole number of a unit works too.
  public static let common = [
    "1min", "2min", "5min", "10min", "15min", "30min", "1h", "1d", "1w",
  ]
  /// Bars within a day are at most a day long, longer ones at most a year.
  private static let longest: [Unit: Int] = [
    .second: 86_400, .minute: 1440, .hour: 24, .day: 366, .week: 53,
  ]

  /// Reads a whole number and a unit: `s`, `min` (or `m`), `h`, `d`, `w`; `H`, `D` and `W` too.
  ///
  /// `60min` is `1h` and `120s` is `2min`, so that one length has one name. `M` is refused: some
  /// read it as minutes, others as months.
  public init(parsing text: some StringProtocol) throws(IntervalError) {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let shown = String(text.prefix(100))
    guard !digits.isEmpty, digits.count <= 6, let number = Int(String(text.prefix(digits.count)))
    else { throw .malformed(text: shown) }
    let unit: Unit
    switch text.dropFirst(digits.count) {
    case "s": unit = .second
    case "min", "m": unit = .minute
    case "h", "H": unit = .hour
    case "d", "D": unit = .day
    case "w", "W": unit = .week
    default: throw .malformed(text: shown)
    }
    guard number > 0, number <= Self.longest[unit] ?? 0 else { throw .outOfRange(text: shown) }
    self = Self(count: number, unit: unit).inLargestUnit
  }

  /// The same length in the largest unit shorter than a day that divides it.
  private var inLargestUnit: BarInterval {
    switch unit {
    case .second where count % 60 == 0:
      BarInterval(count: count / 60, unit: .minute).inLargestUnit
    case .minute where count % 60 == 0: BarInterval(count: count / 60, unit: .hour)
    default: self
    }
  }

  /// `15min`, `1h`, `1d`: reads back as the same interval.
  public var description: String {
    let word =
      switch unit {
      case .second: "s"
      case .minute: "min"
      case .hour: "h"
      case .day: "d"
      case .week: "w"
      }
    return "\(count)\(word)"
  }
}

/// What can be wrong with a bar interval someone gives.
public enum IntervalError: DiagnosedError, Equatable {
  case malformed(text: String)
  case outOfRange(text: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let text):
      let nearest =
        Words.nearest(to: text, among: BarInterval.common).map { "did you mean \($0)? " } ?? ""
      return Diagnosis(
        place: "interval \(Excerpt.quoted(text, longest: 40))",
        finding: "not a whole number with a unit (s, min, h, d or w)",
        remedy: "\(nearest)write one as \(BarInterval.common.joined(separator: ", "))",
        exitCode: .wrongUsage)
    case .outOfRange(let text):
      return Diagnosis(
        place: "interval \(Excerpt.quoted(text, longest: 40))",
        finding: "no bar has that length",
        remedy: "choose from 1s to 24h, 1d to 366d or 1w to 53w", exitCode: .wrongUsage)
    }
  }
}
