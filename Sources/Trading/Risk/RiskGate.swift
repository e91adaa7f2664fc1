import Market
import Runtime

/// What a venue takes, and the gate alone can make.
public struct Ticket: Hashable, Sendable, BitwiseCopyable {
  public enum Action: Hashable, Sendable, BitwiseCopyable {
    case submit(Order)
    case replace(OrderID, OrderTerms)
    case cancel(OrderID)
  }

  public let action: Action
  /// When it was approved.
  public let time: Timestamp

  // Private to this file: nothing but the gate below can let anything out.
  fileprivate init(_ action: Action, at time: Timestamp) {
    self.action = action
    self.time = time
  }
}

/// What the gate says to an order or a replacement.
public enum RiskVerdict: Hashable, Sendable, BitwiseCopyable {
  case approved(Ticket)
  /// Only a smaller quantity may leave; the ticket has it.
  case reduced(Ticket, Denial)
  case denied(Denial)
}
