import Runtime

/// A unit of money or amount that is counted in whole steps of a power of ten.
public protocol FixedUnit: Sendable {
  /// Digits after the decimal point, 0 to 18: a step is 10⁻ᵈⁱᵍⁱᵗˢ.
  static var fractionDigits: Int { get }
  /// Said in error messages: "price".
  static var name: String { get }
}

/// An exact decimal number: an `Int64` count of steps of 10⁻ᵈⁱᵍⁱᵗˢ.
///
/// The unit is part of the type, so a price cannot be added to a quantity by mistake. Nothing here
/// wraps around or traps on overflow: arithmetic throws, or reports overflow where hot code asks.
/// Nothing allocates memory except errors and `description`.
public struct FixedPoint<Unit: FixedUnit>: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The number of steps.
  public var steps: Int64

  @inlinable public init(steps: Int64) { self.steps = steps }

  @inlinable public static var zero: Self { Self(steps: 0) }
  @inlinable public static var max: Self { Self(steps: .max) }
  @inlinable public static var min: Self { Self(steps: .min) }
  /// The smallest amount above zero.
  @inlinable public static var step: Self { Self(steps: 1) }

  /// The number of steps in one whole unit.
  @inlinable public static var stepsPerUnit: Int64 {
    Int64(truncatingIfNeeded: powerOfTen(Unit.fractionDigits))
  }

  @inlinable public var isZero: Bool { steps == 0 }
  @inlinable public var isNegative: Bool { steps < 0 }
  /// −1, 0 or 1.
  @inlinable public var sign: Int64 { steps.signum() }

  @inlinable public static func < (a: Self, b: Self) -> Bool { a.steps < b.steps }
}

/// 10ⁿ for n of 0 to 38, beyond which `Int128` ends.
@inlinable public func powerOfTen(_ exponent: Int) -> Int128 {
  precondition((0...38).contains(exponent), "a power of ten that Int128 holds")
  // Up to 10¹⁸, as units have them, in one register.
  var low: Int64 = 1
  for _ in 0..<Swift.min(exponent, 18) { low &*= 10 }
  var power = Int128(low)
  for _ in 18..<Swift.max(exponent, 18) { power *= 10 }
  return power
}
