extension Timestamp {
  /// Midnight UTC at the start of `date`.
  public init(startOf date: CivilDate) throws(TimeError) {
    let (nanoseconds, overflow) =
      Int64(date.dayNumber).multipliedReportingOverflow(by: Self.nanosecondsPerDay)
    guard !overflow else { throw .outOfRange(text: date.description) }
    self.init(nanoseconds: nanoseconds)
  }

  public func adding(nanoseconds added: Int64) throws(TimeError) -> Timestamp {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(added)
    guard !overflow else { throw .outOfRange(text: "\(self) and \(added) ns") }
    return Timestamp(nanoseconds: sum)
  }

  /// Parts of a nanosecond are dropped.
  public func adding(_ duration: Duration) throws(TimeError) -> Timestamp {
    guard let added = duration.nanoseconds else { throw .outOfRange(text: "\(self), \(duration)") }
    return try adding(nanoseconds: added)
  }

  /// The time from `earlier` to this instant; negative where `earlier` is later.
  public func duration(since earlier: Timestamp) -> Duration {
    let apart = Int128(nanoseconds) - Int128(earlier.nanoseconds)
    return Duration(attoseconds: apart * 1_000_000_000)
  }

  /// The day in UTC. Which trading day an instant belongs to is for a calendar to say.
  public var utcDate: CivilDate {
    CivilDate(dayNumber: Int32(nanoseconds.floorDivided(by: Self.nanosecondsPerDay).quotient))
  }

  /// Nanoseconds since midnight UTC.
  public var nanosecondOfDay: Int64 {
    nanoseconds.floorDivided(by: Self.nanosecondsPerDay).remainder
  }
}

extension Duration {
  /// Whole nanoseconds, or `nil` where there are more than `Int64` holds (292 years).
  public var nanoseconds: Int64? { Int64(exactly: attoseconds / 1_000_000_000) }
}
