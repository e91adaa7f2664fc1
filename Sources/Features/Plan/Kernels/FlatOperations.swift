/// The element-by-element functions. A missing operand makes the value missing.
enum Operations {
  enum AddNumber: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a + k
    }
  }
  enum MultiplyNumber: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a * k
    }
  }
  /// By k, of which l is the reciprocal, with the bits of a division in a third of its time: the
  /// quotient is mended by what it leaves over (Brisebarre, Muller and Raina 2004, section 3). Where
  /// that is nothing, or there is no number to mend, it stands.
  enum DivideByNumber: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      let quotient = a * l
      let rest = a.addingProduct(V(0) - quotient, k)
      return V.choose(V(0).isLess(rest.size), quotient.addingProduct(rest, l), quotient)
    }
  }
  enum SubtractFromNumber: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      k - a
    }
  }
  enum DivideNumberBy: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      k / a
    }
  }
  enum Magnitude: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a.size
    }
  }
  enum SquareRoot: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a.squareRoot()
    }
  }
  enum Sign: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      V.choose(V(0).isLess(a), V(1), V.choose(a.isLess(V(0)), V(-1), a))
    }
  }
  enum Add: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a + b
    }
  }
  enum Subtract: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a - b
    }
  }
  enum Multiply: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a * b
    }
  }
  enum Divide: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      a / b
    }
  }
  enum Lesser: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      V.choose(a.isMissing, a, V.choose(a.isLessOrEqual(b), a, b))
    }
  }
  enum Greater: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      V.choose(a.isMissing, a, V.choose(b.isLessOrEqual(a), a, b))
    }
  }
  enum IsLess: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      truth(a.isLess(b), a, b)
    }
  }
  enum IsLessOrEqual: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      truth(a.isLessOrEqual(b), a, b)
    }
  }
  enum IsEqual: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      truth(a.isSame(b), a, b)
    }
  }
  enum WhereKnown: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      V.choose(b.isMissing, b, a)
    }
  }
  enum OrElse: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      V.choose(a.isMissing, b, a)
    }
  }
  enum Ratio: FlatOperation {
    @inline(__always) static func value<V: LaneVector>(_ a: V, _ b: V, _ k: V, _ l: V) -> V {
      // a − a is zero, or missing where a is.
      V.choose(b.size.isLessOrEqual(k), l + (a - a), a / b)
    }
  }

  @inline(__always)
  private static func truth<V: LaneVector>(_ mask: V.Mask, _ a: V, _ b: V) -> V {
    V.choose(V.either(a.isMissing, b.isMissing), V.missing, V.choose(mask, V(1), V(0)))
  }
}
