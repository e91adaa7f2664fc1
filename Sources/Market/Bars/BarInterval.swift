/// The length of a bar.
public struct BarInterval: Hashable, Sendable {
  public enum Unit: String, Sendable { case second, minute, hour, day, week }
  public let count: Int
  public let unit: Unit

  public init(count: Int, unit: Unit) {
    precondition(count > 0, "a bar has a length")
    self.count = count
    self.unit = unit
  }

  public static let day = BarInterval(count: 1, unit: .day)
}
