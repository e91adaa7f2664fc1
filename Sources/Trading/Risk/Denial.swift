/// Why an order did not leave, or left smaller.
public struct Denial: Hashable, Sendable, BitwiseCopyable {
  public var code: DenialCode
  /// What was found, and what is allowed, in the code's unit.
  public var found, allowed: Double

  public init(_ code: DenialCode, found: Double = 0, allowed: Double = 0) {
    self.code = code
    self.found = found
    self.allowed = allowed
  }
}

/// Each reason for which the gate denies, by a number that journals keep: never renumber.
public enum DenialCode: UInt16, CaseIterable, Sendable, BitwiseCopyable {
  case unknownInstrument = 1
  case quantityNotPositive = 2
  case offLot = 3
  case priceNotPositive = 4
  case offTick = 5
  case noPrice = 6
  case halted = 7
  case unknownOrder = 8
  case orderIsOver = 9
  case overflow = 10
}
