import Glibc
import Synchronization

/// Where finished lines go.
public protocol LogSink: Sendable {
  /// One line without its end; called from any thread.
  func write(_ line: String)
}

/// The standard error stream, one whole line at a time.
public struct StandardErrorSink: LogSink {
  private static let lock = Mutex(())

  public init() {}

  public func write(_ line: String) { write(raw: line + "\n") }

  /// Writes text that has its own line ends, or none yet.
  func write(raw text: String) {
    let bytes = Array(text.utf8)
    Self.lock.withLock { _ in
      var written = 0
      while written < bytes.count {
        let count = bytes.withUnsafeBytes { buffer in
          Glibc.write(
            STDERR_FILENO, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        }
        // Nobody is left to tell that the stream for telling is closed.
        if count < 0, errno != EINTR { return }
        written += max(0, count)
      }
    }
  }

  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Keeps lines, for tests.
public final class MemorySink: LogSink {
  private let kept = Mutex<[String]>([])

  public init() {}

  public var lines: [String] { kept.withLock { $0 } }
  public func write(_ line: String) { kept.withLock { $0.append(line) } }
}

/// Writes structured lines: what happened, and its particulars as labels.
///
/// A `Secret` given as a label is written as `«secret»`.
public struct Log: Sendable {
  /// What the lines written in a task and its children have in common.
  @TaskLocal public static var correlation: String?

  private let format: LogFormat
  private let least: LogLevel
  private let time: any TimeSource
  private let sink: any LogSink

  public init(
    _ format: LogFormat, least: LogLevel = .info, time: any TimeSource = SystemTime(),
    sink: any LogSink = StandardErrorSink()
  ) {
    self.format = format
    self.least = least
    self.time = time
    self.sink = sink
  }

  /// Lines for people on a terminal, JSON lines where standard error goes elsewhere.
  public static func standard(least: LogLevel = .info) -> Log {
    let isTerminal = StandardErrorSink.isTerminal
    // https://no-color.org: set to anything that is not empty.
    let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    return Log(
      isTerminal ? .human(isColored: !noColor) : .ecs(service: Version.program), least: least)
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
    sink.write(format.line(record))
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
