import CThreads

extension SIMD16<Float>: VectorLanes {
  @usableFromInline package typealias Bits = SIMD16<UInt32>

  @inlinable package static var fractionBitCount: UInt32 { 23 }
  @inlinable package static var exponentBias: UInt32 { 127 }
  @inlinable package static var bitsOfSquareRootOfHalf: UInt32 { 0x3f35_04f3 }
  @inlinable package static var bitsOfOne: UInt32 { 0x3f80_0000 }
  @inlinable package static var bitsOfIntegers: UInt32 { 0x4b00_0000 }
  @inlinable package static var firstInteger: Float { 0x1p23 }

  @inlinable package static var roundingShift: Float { 0x1.8p23 + 254 }
  @inlinable package static var log2Coarse: Float { 0x1.62e4p-1 }
  @inlinable package static var log2Fine: Float { 0x1.7f7d1cp-20 }
  @inlinable package static var reciprocalOfLog2: Float { 0x1.715476p0 }
  @inlinable package static var squareRootOfHalf: Float { 0x1.6a09e6p-1 }
  @inlinable package static var normalDensityAtZero: Float { 0x1.988454p-2 }

  @inlinable package static var exponents: (least: Float, greatest: Float) { (-104, 89) }
  @inlinable package static var logOfLeastNormal: Float { -87.33 }
  @inlinable package static var leastExpm1: Float { -18 }
  @inlinable package static var identityLimit: Float { 0x1p-25 }
  @inlinable package static var greatestTanh: Float { 10 }
  @inlinable package static var greatestErf: Float { 4 }
  @inlinable package static var erfSeriesLimit: Float { 0.9375 }
  @inlinable package static var greatestNormal: Float { 14.8 }
  @inlinable package static var scaledErfcScale: Float { 1.5 }

  @inlinable @inline(__always)
  package func isLess(than other: Self) -> SIMDMask<MaskStorage> { self .< other }

  @inlinable @inline(__always)
  package func isEqual(to other: Self) -> SIMDMask<MaskStorage> { self .== other }

  @inlinable @inline(__always)
  package var isNaN: SIMDMask<MaskStorage> { self .!= self }

  @inlinable @inline(__always)
  package static func loaded(
    _ source: UnsafePointer<Float>, first count: Int, filler: Float
  ) -> Self { martinet_load_floats(source, count, filler) }

  @inlinable @inline(__always)
  package func stored(_ target: UnsafeMutablePointer<Float>, first count: Int) {
    martinet_store_floats(target, self, count)
  }
}

extension SIMD8<Double>: VectorLanes {
  @usableFromInline package typealias Bits = SIMD8<UInt64>

  @inlinable package static var fractionBitCount: UInt64 { 52 }
  @inlinable package static var exponentBias: UInt64 { 1023 }
  @inlinable package static var bitsOfSquareRootOfHalf: UInt64 { 0x3fe6_a09e_667f_3bcd }
  @inlinable package static var bitsOfOne: UInt64 { 0x3ff0_0000_0000_0000 }
  @inlinable package static var bitsOfIntegers: UInt64 { 0x4330_0000_0000_0000 }
  @inlinable package static var firstInteger: Double { 0x1p52 }

  @inlinable package static var roundingShift: Double { 0x1.8p52 + 2046 }
  @inlinable package static var log2Coarse: Double { 0x1.62e42fefa38p-1 }
  @inlinable package static var log2Fine: Double { 0x1.ef35793c7673p-45 }
  @inlinable package static var reciprocalOfLog2: Double { 0x1.71547652b82fep0 }
  @inlinable package static var squareRootOfHalf: Double { 0x1.6a09e667f3bcdp-1 }
  @inlinable package static var normalDensityAtZero: Double { 0x1.9884533d43651p-2 }

  @inlinable package static var exponents: (least: Double, greatest: Double) { (-746, 710) }
  @inlinable package static var logOfLeastNormal: Double { -708.39 }
  @inlinable package static var leastExpm1: Double { -38 }
  @inlinable package static var identityLimit: Double { 0x1p-54 }
  @inlinable package static var greatestTanh: Double { 20 }
  @inlinable package static var greatestErf: Double { 6 }
  @inlinable package static var erfSeriesLimit: Double { 1 }
  @inlinable package static var greatestNormal: Double { 38.8 }
  @inlinable package static var scaledErfcScale: Double { 2.5 }

  @inlinable @inline(__always)
  package func isLess(than other: Self) -> SIMDMask<MaskStorage> { self .< other }

  @inlinable @inline(__always)
  package func isEqual(to other: Self) -> SIMDMask<MaskStorage> { self .== other }

  @inlinable @inline(__always)
  package var isNaN: SIMDMask<MaskStorage> { self .!= self }

  @inlinable @inline(__always)
  package static func loaded(
    _ source: UnsafePointer<Double>, first count: Int, filler: Double
  ) -> Self { martinet_load_doubles(source, count, filler) }

  @inlinable @inline(__always)
  package func stored(_ target: UnsafeMutablePointer<Double>, first count: Int) {
    martinet_store_doubles(target, self, count)
  }
}
