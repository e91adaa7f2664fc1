/// Writes structured lines: what happened, and its particulars as labels.
///
/// A `Secret` given as a label is written as `«secret»`.
public struct Log: Sendable {
  /// What the lines written in a task and its children have in common.
  @TaskLocal public static var correlation: String?

  private let format: LogFormat
  private let least: LogLevel
  private let time: any TimeSource
  private let outlet: Outlet

  public init(
    _ format: LogFormat, least: LogLevel = .info, time: any TimeSource = SystemTime(),
    to outlet: Outlet
  ) {
    self.format = format
    self.least = least
    self.time = time
    self.outlet = outlet
  }

  /// Lines for people where a terminal shows `console.error`, JSON lines where it goes elsewhere.
  public static func standard(_ console: Console, least: LogLevel = .info) -> Log {
    let traits = console.errorTraits
    let format: LogFormat =
      traits.isTerminal ? .human(isColored: traits.hasColour) : .ecs(service: Version.program)
    return Log(format, least: least, to: console.error)
  }

  public func debug(
    _ message: @autoclosure () -> String, _ labels: KeyValuePairs<String, LogValue> = [:]
  ) {
    write(.debug, message, labels, nil)
  }

  public func info(
    _ message: @autoclosure () -> String, _ labels: KeyValuePairs<String, LogValue> = [:]
  ) {
    write(.info, message, labels, nil)
  }

  public func warning(
    _ message: @autoclosure () -> String, _ labels: KeyValuePairs<String, LogValue> = [:],
    error: (any DiagnosedError)? = nil
  ) {
    write(.warning, message, labels, error)
  }

  public func error(
    _ message: @autoclosure () -> String, _ labels: KeyValuePairs<String, LogValue> = [:],
    error: (any DiagnosedError)? = nil
  ) {
    write(.error, message, labels, error)
  }

  /// Runs `body` with `id` on every line written in it, in tasks it starts as well.
  public static func correlating<Result>(
    _ id: String, _ body: () throws -> Result
  ) rethrows -> Result {
    try $correlation.withValue(id, operation: body)
  }

  private func write(
    _ level: LogLevel, _ message: () -> String, _ labels: KeyValuePairs<String, LogValue>,
    _ error: (any DiagnosedError)?
  ) {
    guard level >= least else { return }
    let record = LogRecord(
      time: time.now, level: level, message: message(),
      labels: labels.map { JSON.Member($0.key, $0.value.json) }, error: error?.diagnosis,
      correlation: Self.correlation)
    // One write, so that lines of several threads do not mix.
    outlet.write(format.line(record) + "\n")
  }
}

/// What may stand beside a message: words, numbers and truths as they are, anything else in words.
public struct LogValue: Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  let json: JSON

  public init(_ value: some CustomStringConvertible) {
    json =
      switch value {
      case let value as Bool: .bool(value)
      case let value as Double: .number(value)
      case let value as any FixedWidthInteger: JSON(value)
      default: .string(value.description)
      }
  }

  public init(stringLiteral value: String) { json = .string(value) }
  public init(integerLiteral value: Int64) { json = .integer(value) }
  public init(floatLiteral value: Double) { json = .number(value) }
  public init(booleanLiteral value: Bool) { json = .bool(value) }
}
