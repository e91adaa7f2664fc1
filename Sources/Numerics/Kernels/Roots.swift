extension VectorLanes {
  @inlinable @inline(__always)
  package static func squareRoot(_ x: Self) -> Self { x.squareRoot() }

  @inlinable @inline(__always)
  package static func reciprocal(_ x: Self) -> Self { Self(repeating: 1) / x }
}
