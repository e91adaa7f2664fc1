/// A function of a register's lanes as a type, so that loops over it are compiled for it: a closure
/// would stay a call.
@usableFromInline
package protocol LaneFunction {
  static func value<L: VectorLanes>(_ x: L) -> L
}

/// The functions of `VectorLanes` as types.
@usableFromInline
package enum Lanewise {
  @usableFromInline package enum Exp: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L { L.exp(x) }
  }
  @usableFromInline package enum Expm1: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.expm1(x)
    }
  }
  @usableFromInline package enum Log: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L { L.log(x) }
  }
  @usableFromInline package enum Log1p: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.log1p(x)
    }
  }
  @usableFromInline package enum Tanh: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.tanh(x)
    }
  }
  @usableFromInline package enum Sigmoid: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.sigmoid(x)
    }
  }
  @usableFromInline package enum Erf: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L { L.erf(x) }
  }
  @usableFromInline package enum Gelu: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.gelu(x)
    }
  }
  @usableFromInline package enum GeluDerivative: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.geluDerivative(x)
    }
  }
  @usableFromInline package enum SquareRoot: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.squareRoot(x)
    }
  }
  @usableFromInline package enum Reciprocal: LaneFunction {
    @inlinable @inline(__always) package static func value<L: VectorLanes>(_ x: L) -> L {
      L.reciprocal(x)
    }
  }
}
