extension UnsafePointer where Pointee: VectorScalar {
  /// The register that starts here, at any alignment.
  @inlinable @inline(__always)
  package func lanes() -> Pointee.Lanes {
    UnsafeRawPointer(self).loadUnaligned(as: Pointee.Lanes.self)
  }

  /// The first lanes of the register that starts here; the filler in the others.
  @inlinable @inline(__always)
  package func lanes(first count: Int, filler: Pointee = 0) -> Pointee.Lanes {
    var lanes = Pointee.Lanes(repeating: filler)
    for lane in 0..<count { lanes[lane] = self[lane] }
    return lanes
  }
}

extension UnsafeMutablePointer where Pointee: VectorScalar {
  @inlinable @inline(__always)
  package func store(_ lanes: Pointee.Lanes) {
    UnsafeMutableRawPointer(self).storeBytes(of: lanes, as: Pointee.Lanes.self)
  }

  @inlinable @inline(__always)
  package func store(_ lanes: Pointee.Lanes, first count: Int) {
    for lane in 0..<count { self[lane] = lanes[lane] }
  }
}
