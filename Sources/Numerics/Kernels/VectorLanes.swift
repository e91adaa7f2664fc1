/// A number that the vector kernels work on: `Float` or `Double`.
@usableFromInline
package protocol VectorScalar: BinaryFloatingPoint, SIMDScalar, Codable, BitwiseCopyable, Sendable {
  /// One 64-byte register of them.
  associatedtype Lanes: VectorLanes where Lanes.Scalar == Self
}

/// One register of numbers and what its format asks of the formulas.
///
/// The formulas are written once, over this protocol; everything is inlined, so that the compiler
/// sees them on `SIMD16<Float>` and `SIMD8<Double>` only. The errors that they state are tested:
/// `Float` on all 2³² arguments, `Double` on samples.
@usableFromInline
package protocol VectorLanes: SIMD, BitwiseCopyable, Sendable where Scalar: VectorScalar {
  associatedtype Bits: SIMD where Bits.Scalar: FixedWidthInteger & UnsignedInteger

  // Where things stand in the bits.
  static var fractionBitCount: Bits.Scalar { get }
  static var exponentBias: Bits.Scalar { get }
  static var bitsOfSquareRootOfHalf: Bits.Scalar { get }
  static var bitsOfOne: Bits.Scalar { get }
  /// The bits of the first number whose unit in the last place is 1: or-ing a small integer adds it.
  static var bitsOfIntegers: Bits.Scalar { get }
  /// The value of `bitsOfIntegers`.
  static var firstInteger: Scalar { get }

  /// 1.5 times `firstInteger`, plus twice the exponent's bias. Adding it rounds to an integer, which
  /// then stands in the low bits; halves of those are biased exponents.
  static var roundingShift: Scalar { get }
  /// log 2 in two parts; multiples of the first by an exponent are exact.
  static var log2Coarse: Scalar { get }
  static var log2Fine: Scalar { get }
  static var reciprocalOfLog2: Scalar { get }
  static var squareRootOfHalf: Scalar { get }
  /// 1 / √(2π).
  static var normalDensityAtZero: Scalar { get }

  /// exp is 0 below and infinite above; the power of two nearest to exp of the greatest is no more
  /// than twice the greatest power that is a number, which expm1 relies on.
  static var exponents: (least: Scalar, greatest: Scalar) { get }
  /// A little above the logarithm of the least normal number.
  static var logOfLeastNormal: Scalar { get }
  /// expm1 is −1 below.
  static var leastExpm1: Scalar { get }
  /// expm1, log1p and tanh are the identity below in magnitude.
  static var identityLimit: Scalar { get }
  /// tanh, erf are 1 above.
  static var greatestTanh: Scalar { get }
  static var greatestErf: Scalar { get }
  /// erf is taken from its power series below.
  static var erfSeriesLimit: Scalar { get }
  /// The normal distribution's tail, times its argument, is 0 above.
  static var greatestNormal: Scalar { get }
  /// Where `scaledErfcShape` has half of its way behind it.
  static var scaledErfcScale: Scalar { get }

  // The standard library's generic comparisons are loops over the lanes; its concrete ones are not.
  func isLess(than other: Self) -> SIMDMask<MaskStorage>
  func isEqual(to other: Self) -> SIMDMask<MaskStorage>
  var isNaN: SIMDMask<MaskStorage> { get }

  // The first few lanes only: at most as many as there are.
  static func loaded(_ source: UnsafePointer<Scalar>, first count: Int, filler: Scalar) -> Self
  func stored(_ target: UnsafeMutablePointer<Scalar>, first count: Int)

  static func exponentialTail(_ r: Self) -> Self
  static func logarithmTail(_ z: Self) -> Self
  static func tanhTail(_ z: Self) -> Self
  static func erfTail(_ z: Self) -> Self
  static func scaledErfcShape(_ w: Self) -> Self
}

extension VectorLanes {
  @inlinable @inline(__always)
  package var bits: Bits { unsafeBitCast(self, to: Bits.self) }

  @inlinable @inline(__always)
  package init(bits: Bits) { self = unsafeBitCast(bits, to: Self.self) }

  /// Each lane held to the interval; NaN stays. Written so that it becomes a minimum and a maximum.
  @inlinable @inline(__always)
  package func held(from low: Scalar, to high: Scalar) -> Self {
    let held = held(to: high)
    return held.replacing(with: low, where: held.isLess(than: low))
  }

  @inlinable @inline(__always)
  package func held(to high: Scalar) -> Self { replacing(with: high, where: isGreater(than: high)) }

  @inlinable @inline(__always)
  package func isLess(than other: Scalar) -> SIMDMask<MaskStorage> {
    isLess(than: Self(repeating: other))
  }

  @inlinable @inline(__always)
  package func isGreater(than other: Scalar) -> SIMDMask<MaskStorage> {
    Self(repeating: other).isLess(than: self)
  }

  @inlinable @inline(__always)
  package func isEqual(to other: Scalar) -> SIMDMask<MaskStorage> {
    isEqual(to: Self(repeating: other))
  }

  @inlinable @inline(__always)
  package static var signBit: Bits.Scalar { ~(.max >> 1) }

  @inlinable @inline(__always)
  package var magnitudes: Self { Self(bits: bits & ~Self.signBit) }

  @inlinable @inline(__always)
  package func withSigns(of other: Self) -> Self {
    Self(bits: (bits & ~Self.signBit) | (other.bits & Self.signBit))
  }
}

extension Float: VectorScalar { @usableFromInline package typealias Lanes = SIMD16<Float> }
extension Double: VectorScalar { @usableFromInline package typealias Lanes = SIMD8<Double> }
