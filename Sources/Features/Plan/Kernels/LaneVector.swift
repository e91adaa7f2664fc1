/// One number, or one register of eight: the recursions are written once over this.
///
/// Every operation rounds each lane as it rounds a single number, so batch (symbols in lanes) and
/// stream (one number) give the same bits. Missing values go through: a comparison with one is false
/// and the kernels put NaN back where an operand was NaN.
protocol LaneVector: BitwiseCopyable {
  associatedtype Mask

  init(_ value: Double)
  static func load(_ source: UnsafePointer<Double>) -> Self
  func store(_ target: UnsafeMutablePointer<Double>)

  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  /// self + a · b, rounded once.
  func addingProduct(_ a: Self, _ b: Self) -> Self
  func squareRoot() -> Self
  var size: Self { get }

  func isLess(_ other: Self) -> Mask
  func isLessOrEqual(_ other: Self) -> Mask
  func isSame(_ other: Self) -> Mask
  /// Neither NaN nor infinite.
  var isNumber: Mask { get }
  var isMissing: Mask { get }
  static func both(_ a: Mask, _ b: Mask) -> Mask
  static func either(_ a: Mask, _ b: Mask) -> Mask
  static func choose(_ mask: Mask, _ yes: Self, _ no: Self) -> Self
}

extension Double: LaneVector {
  @inline(__always) static func load(_ source: UnsafePointer<Double>) -> Double { source.pointee }
  @inline(__always) func store(_ target: UnsafeMutablePointer<Double>) { target.pointee = self }
  @inline(__always) var size: Double { magnitude }
  @inline(__always) func isLess(_ other: Double) -> Bool { self < other }
  @inline(__always) func isLessOrEqual(_ other: Double) -> Bool { self <= other }
  @inline(__always) func isSame(_ other: Double) -> Bool { self == other }
  @inline(__always) var isNumber: Bool { self - self == 0 }
  @inline(__always) var isMissing: Bool { self != self }
  @inline(__always) static func both(_ a: Bool, _ b: Bool) -> Bool { a && b }
  @inline(__always) static func either(_ a: Bool, _ b: Bool) -> Bool { a || b }
  @inline(__always) static func choose(_ mask: Bool, _ yes: Double, _ no: Double) -> Double {
    mask ? yes : no
  }
}

extension SIMD8<Double>: LaneVector {
  typealias Mask = SIMDMask<SIMD8<Int64>>

  @inline(__always) init(_ value: Double) { self.init(repeating: value) }
  @inline(__always) static func load(_ source: UnsafePointer<Double>) -> Self {
    UnsafeRawPointer(source).loadUnaligned(as: Self.self)
  }
  @inline(__always) func store(_ target: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(target).storeBytes(of: self, as: Self.self)
  }
  @inline(__always) var size: Self {
    let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self) & 0x7fff_ffff_ffff_ffff
    return unsafeBitCast(bits, to: Self.self)
  }
  @inline(__always) func isLess(_ other: Self) -> Mask { self .< other }
  @inline(__always) func isLessOrEqual(_ other: Self) -> Mask { self .<= other }
  @inline(__always) func isSame(_ other: Self) -> Mask { self .== other }
  @inline(__always) var isNumber: Mask { (self - self) .== Self.zero }
  @inline(__always) var isMissing: Mask { self .!= self }
  @inline(__always) static func both(_ a: Mask, _ b: Mask) -> Mask { a .& b }
  @inline(__always) static func either(_ a: Mask, _ b: Mask) -> Mask { a .| b }
  @inline(__always) static func choose(_ mask: Mask, _ yes: Self, _ no: Self) -> Self {
    no.replacing(with: yes, where: mask)
  }
}

extension LaneVector {
  @inline(__always) static var missing: Self { Self(.nan) }
}
