import Market
import Runtime

/// Looks over the bars of a series and says what is wrong with them; nothing is changed.
public enum Quality {
  typealias Check = @Sendable (Subject) -> [Finding]

  /// In the order in which a person would ask.
  static let checks: [Check] = [
    SchemaCheck.findings, OrderCheck.findings, FiguresCheck.findings, CalendarCheck.findings,
    SessionHoursCheck.findings, StalenessCheck.findings, SpikeCheck.findings, JumpCheck.findings,
    VolumeCheck.findings, DividendCheck.findings,
  ]

  /// Everything found in one series, in the order of the checks.
  public static func check(_ batch: BarBatch, in context: QualityContext) -> [Finding] {
    let subject = Subject(batch, context)
    return checks.flatMap { $0(subject) }
  }

  /// The same of a frame.
  public static func check(_ frame: Frame, in context: QualityContext) -> [Finding] {
    check(BarBatch(frame), in: context)
  }

  /// What the verdict on findings rests on: whether one of them is an error.
  public static func hasErrors(_ findings: [Finding]) -> Bool {
    findings.contains { $0.severity == .error }
  }
}

/// One series and what several checks need of it.
struct Subject {
  /// As it came.
  let batch: BarBatch
  let context: QualityContext
  /// In order of time.
  let bars: OrderedBars
  let spikes: SpikeSearch.Result

  init(_ batch: BarBatch, _ context: QualityContext) {
    self.batch = batch
    self.context = context
    bars = OrderedBars(batch, calendar: context.calendar, zone: context.zone)
    spikes = SpikeSearch.run(bars, context)
  }

  var thresholds: QualityThresholds { context.thresholds }
}

// How findings are put into words.
extension Subject {
  /// A finding about this series; `start` is the first bar's.
  func finding(
    _ code: FindingCode, _ severity: Finding.Severity? = nil, at start: Int64?, count: Int = 1,
    _ found: String, do action: String? = nil
  ) -> Finding {
    Finding(
      code: code.rawValue, severity: severity ?? code.entry.severity, symbol: batch.symbol,
      interval: batch.interval, timestamp: start.map { Timestamp(nanoseconds: $0) }, count: count,
      found: found, action: action ?? code.entry.action)
  }

  /// More stretches of one kind than this become one finding, or nobody would read any.
  static let stretchesMax = 25

  /// Findings about rows, one for each stretch of neighbours; `evidence` puts one row into words.
  func findings(
    _ code: FindingCode, _ severity: Finding.Severity? = nil, rows: [Int], of batch: BarBatch,
    _ evidence: (Int) -> String
  ) -> [Finding] {
    guard let first = rows.first, let last = rows.last else { return [] }
    let stretches = Stretch.of(rows)
    if stretches.count > Self.stretchesMax {
      let found =
        "\(FigureText.count(rows.count)) of \(FigureText.count(batch.count)) bars from "
        + "\(time(batch.start[first])) to \(time(batch.start[last])); the first: \(evidence(first))"
      return [finding(code, severity, at: batch.start[first], count: rows.count, found)]
    }
    return stretches.map { stretch in
      let first = stretch.lowerBound
      let rest =
        stretch.count == 1
        ? ""
        : "; \(FigureText.count(stretch.count)) bars to \(time(batch.start[stretch.upperBound - 1]))"
      return finding(
        code, severity, at: batch.start[first], count: stretch.count, evidence(first) + rest)
    }
  }

  /// A bar's place as people name it: the day, or the day and the time at the exchange.
  func time(_ start: Int64) -> String { context.time(start, of: batch.interval) }
}

extension QualityContext {
  func time(_ start: Int64, of interval: BarInterval) -> String {
    let (date, nanosecond) = zone.wallTime(at: Timestamp(nanoseconds: start))
    guard interval.isIntraday else { return date.description }
    let second = nanosecond / Timestamp.nanosecondsPerSecond
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = "\(two(second / 3600)):\(two(second / 60 % 60))"
    return "\(date) \(clock)" + (interval.unit == .second ? ":\(two(second % 60))" : "")
  }
}

/// Rows that follow each other.
enum Stretch {
  static func of(_ rows: [Int]) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    for row in rows {
      if let last = stretches.last, last.upperBound == row {
        stretches[stretches.count - 1] = last.lowerBound..<row + 1
      } else {
        stretches.append(row..<row + 1)
      }
    }
    return stretches
  }
}
