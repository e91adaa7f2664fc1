import Runtime

/// A unit of money or amount that is counted in whole steps of a power of ten.
public protocol FixedUnit: Sendable {
  /// Digits after the decimal point: a step is 10⁻ᵈⁱᵍⁱᵗˢ.
  static var fractionDigits: Int { get }
  /// Said in error messages: "price".
  static var name: String { get }
}

/// An exact decimal number: an `Int64` count of steps of 10⁻ᵈⁱᵍⁱᵗˢ.
///
/// The unit is part of the type, so a price cannot be added to a quantity by mistake.
public struct FixedPoint<Unit: FixedUnit>: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The number of steps.
  public var steps: Int64

  @inlinable public init(steps: Int64) { self.steps = steps }

  public static var zero: Self { Self(steps: 0) }

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.steps < b.steps }
}
