/// How much a line of the log matters.
public enum LogLevel: String, CaseIterable, Comparable, Sendable, ConfigurationChoice {
  case debug, info, warning, error

  public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .debug: 0
    case .info: 1
    case .warning: 2
    case .error: 3
    }
  }
}

/// One line of the log before it is written.
public struct LogRecord: Equatable, Sendable {
  public var time: Timestamp
  public var level: LogLevel
  public var message: String
  /// What belongs to the message, in the order given.
  public var labels: [JSON.Member]
  public var error: Diagnosis?
  /// What the lines of one order, request or run have in common.
  public var correlation: String?

  public init(
    time: Timestamp, level: LogLevel, message: String, labels: [JSON.Member] = [],
    error: Diagnosis? = nil, correlation: String? = nil
  ) {
    self.time = time
    self.level = level
    self.message = message
    self.labels = labels
    self.error = error
    self.correlation = correlation
  }
}

/// How lines are written.
public enum LogFormat: Sendable {
  /// For people: `14:30:00.250 warning  feed is late  symbol=NVDA delay=2.5`.
  case human(isColored: Bool)
  /// For programs: one JSON object a line, with the names of the Elastic Common Schema.
  case ecs(service: String)

  /// The version of the Elastic Common Schema whose names are used.
  public static let ecsVersion = "8.11.0"

  public func line(_ record: LogRecord) -> String {
    switch self {
    case .human(let isColored): Self.human(record, isColored)
    case .ecs(let service): Self.ecs(record, service).text()
    }
  }

  private static func human(_ record: LogRecord, _ isColored: Bool) -> String {
    let clock = Timestamp(nanoseconds: record.time.nanoseconds / 1_000_000 * 1_000_000)
    // To the millisecond, always with three digits so that lines stand under each other.
    var time = String(clock.description.dropFirst(11).dropLast())
    if time.utf8.count == 8 { time += ".000" }
    let word = record.level.rawValue
    let padded = word + String(repeating: " ", count: max(0, 8 - word.utf8.count))
    var line = "\(time) \(isColored ? colored(padded, record.level) : padded) "
    line += Excerpt.bare(record.message, longest: 2000)
    var pairs = record.labels.map { "\($0.key)=\(shown($0.value))" }
    if let error = record.error {
      pairs.append("error=\(Excerpt.quoted("\(error.place): \(error.finding)", longest: 2000))")
      pairs.append("fix=\(Excerpt.quoted(error.remedy, longest: 2000))")
    }
    if let correlation = record.correlation { pairs.append("id=\(correlation)") }
    if !pairs.isEmpty { line += "  " + pairs.joined(separator: " ") }
    return line
  }

  private static func shown(_ value: JSON) -> String {
    guard case .string(let text) = value else { return value.text() }
    let isWord = !text.isEmpty && !text.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
    return isWord ? Excerpt.bare(text, longest: 2000) : Excerpt.quoted(text, longest: 2000)
  }

  private static func colored(_ text: String, _ level: LogLevel) -> String {
    switch level {
    case .debug: "\u{1B}[2m\(text)\u{1B}[0m"
    case .info: text
    case .warning: "\u{1B}[33m\(text)\u{1B}[0m"
    case .error: "\u{1B}[31m\(text)\u{1B}[0m"
    }
  }

  private static func ecs(_ record: LogRecord, _ service: String) -> JSON {
    var object: JSON = [
      "@timestamp": .string(record.time.description), "log.level": .string(record.level.rawValue),
      "message": .string(record.message), "ecs.version": .string(ecsVersion),
      "service.name": .string(service),
    ]
    if let correlation = record.correlation { object.append("trace.id", .string(correlation)) }
    if let error = record.error {
      object.append("error.message", .string("\(error.place): \(error.finding)"))
    }
    // ECS labels are flat and hold words.
    var labels = record.labels.map { JSON.Member($0.key, .string($0.value.shown)) }
    // The schema has no name for what to do about an error.
    if let error = record.error { labels.append(.init("remedy", .string(error.remedy))) }
    if !labels.isEmpty { object.append("labels", .object(labels)) }
    return object
  }
}

extension JSON {
  fileprivate var shown: String {
    if case .string(let text) = self { return text }
    return text()
  }
}
