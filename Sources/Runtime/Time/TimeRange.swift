/// Days from one to another, both included; either end may be open.
public struct TimeRange: Hashable, Sendable {
  /// The first day, or `nil` where everything earlier belongs to the range.
  public let first: CivilDate?
  /// The last day, which belongs to the range, or `nil` where everything later does.
  public let last: CivilDate?

  /// Every day there is.
  public static let all = TimeRange()

  private init() {
    first = nil
    last = nil
  }

  public init(first: CivilDate?, last: CivilDate?) throws(TimeError) {
    if let first, let last, last < first {
      throw .endsBeforeStart(text: "\(first.compactDescription)-\(last.compactDescription)")
    }
    self.first = first
    self.last = last
  }

  public func contains(_ date: CivilDate) -> Bool {
    (first.map { $0 <= date } ?? true) && (last.map { date <= $0 } ?? true)
  }
}

extension TimeRange: CustomStringConvertible {
  /// Reads `20240101-20240630`, `20240101-` (that day and all later) and `-20240630`.
  public init(parsing text: some StringProtocol) throws(TimeError) {
    var cursor = TimeCursor(text)
    var first: CivilDate?
    var last: CivilDate?
    if cursor.nextIsDigit { first = try cursor.date() }
    try cursor.expect("-")
    if first == nil || !cursor.isAtEnd { last = try cursor.date() }
    try cursor.expectEnd()
    if let first, let last, last < first { throw .endsBeforeStart(text: cursor.text) }
    self = try TimeRange(first: first, last: last)
  }

  public var description: String {
    (first?.compactDescription ?? "") + "-" + (last?.compactDescription ?? "")
  }
}
