import Market
import Numerics
import Runtime

// What a gate remembers, as a snapshot of an account keeps it over a restart.
extension RiskMemory {
  public var json: JSON {
    [
      "start": JSON(start.description), "best": JSON(best.description),
      "day_start": JSON(dayStart.description), "week_start": JSON(weekStart.description),
      "latest": JSON(latest.description), "day": day.map { JSON($0.description) } ?? .null,
      "traded": JSON(traded.description), "killed": .bool(isKilled), "closing": .bool(isClosing),
      "approved_prices": JSON(approvedPrices.map { JSON($0.description) }),
      "breakers": JSON(breakers.map(\.json)),
    ]
  }

  public init(_ json: JSON) throws(RiskMemoryError) {
    func text(_ key: String) throws(RiskMemoryError) -> String {
      guard let text = json[key]?.string else { throw .missing(key) }
      return text
    }
    func cash(_ key: String) throws(RiskMemoryError) -> Cash {
      let text = try text(key)
      do { return try Cash(parsing: text) } catch { throw .missing(key) }
    }
    self.init()
    (start, best, dayStart) = (try cash("start"), try cash("best"), try cash("day_start"))
    (weekStart, latest) = (try cash("week_start"), try cash("latest"))
    traded = try cash("traded")
    if json["day"] != .null {
      let text = try text("day")
      do { day = try CivilDate(parsing: text) } catch { throw .missing("day") }
    }
    // What does not say that it may trade may not.
    isKilled = json["killed"] != .bool(false)
    isClosing = json["closing"] == .bool(true)
    guard let prices = json["approved_prices"]?.elements, let tripped = json["breakers"]?.elements
    else { throw .missing("approved_prices and breakers") }
    for price in prices {
      do { approvedPrices.append(try Price(parsing: price.string ?? "")) } catch {
        throw .missing("approved_prices")
      }
    }
    for breaker in tripped { breakers.append(try Breaker(breaker)) }
  }
}

extension Breaker {
  public var json: JSON {
    [
      "limit": JSON(Int(limit.rawValue)), "name": JSON(name),
      "code": JSON(Int(denial.code.rawValue)),
      "found": JSON(denial.found), "allowed": JSON(denial.allowed),
      "finding": JSON(denial.finding), "action": JSON(action.rawValue),
      "recovery": JSON(recovery.rawValue),
      "instrument": instrument.map { JSON(Int($0.index)) } ?? .null,
      "at_ns": JSON(at.nanoseconds),
    ]
  }

  init(_ json: JSON) throws(RiskMemoryError) {
    guard let limit = json["limit"]?.whole.flatMap({ UInt8(exactly: $0) }).flatMap(RiskLimit.init),
      let code = json["code"]?.whole.flatMap({ UInt16(exactly: $0) }).flatMap(DenialCode.init),
      let action = json["action"]?.string.flatMap(RiskAction.init),
      let recovery = json["recovery"]?.string.flatMap(RiskRecovery.init),
      let at = json["at_ns"]?.whole
    else { throw .missing("breakers") }
    let instrument = json["instrument"]?.whole.map { InstrumentID(Int($0)) }
    self.init(
      limit: limit,
      denial: Denial(
        code, found: json["found"]?.double ?? .nan, allowed: json["allowed"]?.double ?? .nan),
      action: action, recovery: recovery, instrument: instrument, at: Timestamp(nanoseconds: at))
  }
}

/// Why a gate cannot go on where it was.
public enum RiskMemoryError: DiagnosedError, Equatable {
  case missing(String)

  public var diagnosis: Diagnosis {
    switch self {
    case .missing(let key):
      Diagnosis(
        place: "snapshot, risk.\(key)", finding: "what the gate must remember is not there",
        remedy: "recover from the journal, or begin a new account", exitCode: .refused)
    }
  }
}

extension RiskGate {
  /// Goes on where a gate of the same account stopped.
  public mutating func resume(from memory: RiskMemory) throws(RiskMemoryError) {
    guard memory.approvedPrices.count == (table?.count ?? 0) else {
      throw .missing("approved_prices")
    }
    self.memory = memory
  }
}
