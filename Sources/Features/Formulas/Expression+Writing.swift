/// Formulas are written in Swift as they are on paper.
extension Expression {
  public static let open = column("open")
  public static let high = column("high")
  public static let low = column("low")
  public static let close = column("close")
  public static let volume = column("volume")

  public static func + (a: Self, b: Self) -> Self { .binary(.sum, a, b) }
  public static func - (a: Self, b: Self) -> Self { .binary(.difference, a, b) }
  public static func * (a: Self, b: Self) -> Self { .binary(.product, a, b) }
  public static func / (a: Self, b: Self) -> Self { .binary(.quotient, a, b) }
  public static prefix func - (a: Self) -> Self { .unary(.negative, a) }
  public static func < (a: Self, b: Self) -> Self { .binary(.isLess, a, b) }
  public static func > (a: Self, b: Self) -> Self { .binary(.isLess, b, a) }
  public static func <= (a: Self, b: Self) -> Self { .binary(.isLessOrEqual, a, b) }
  public static func >= (a: Self, b: Self) -> Self { .binary(.isLessOrEqual, b, a) }

  public static func lesser(_ a: Self, _ b: Self) -> Self { .binary(.lesser, a, b) }
  public static func greater(_ a: Self, _ b: Self) -> Self { .binary(.greater, a, b) }
  public func chosen(_ yes: Self, else no: Self) -> Self { .choice(self, yes, no) }
  public func whereKnown(_ other: Self) -> Self { .binary(.whereKnown, self, other) }
  public func orElse(_ other: Self) -> Self { .binary(.orElse, self, other) }
  /// The ratio, and `otherwise` where there is nothing to divide by.
  public func over(_ other: Self, otherwise: Double = 0, least: Double = 0) -> Self {
    .ratio(self, other, least: least, otherwise: otherwise)
  }

  public var magnitude: Self { .unary(.magnitude, self) }
  public var squareRoot: Self { .unary(.squareRoot, self) }
  public var logarithm: Self { .unary(.logarithm, self) }
  public var exponential: Self { .unary(.exponential, self) }
  public var sign: Self { .unary(.sign, self) }
  public var squared: Self { self * self }

  public func lag(_ bars: Int) -> Self { bars == 0 ? self : .lag(self, bars) }
  public func change(_ bars: Int = 1) -> Self { self - lag(bars) }
  public func sum(_ n: Int) -> Self { .window(.sum, self, n) }
  public func mean(_ n: Int) -> Self { .window(.mean, self, n) }
  public func least(_ n: Int) -> Self { .window(.least, self, n) }
  public func greatest(_ n: Int) -> Self { .window(.greatest, self, n) }
  public func deviation(_ n: Int, _ divisor: WindowFunction.Divisor = .population) -> Self {
    .window(.deviation(divisor), self, n)
  }
  public func variance(_ n: Int, _ divisor: WindowFunction.Divisor = .population) -> Self {
    .window(.variance(divisor), self, n)
  }
  public func window(_ function: WindowFunction, _ n: Int) -> Self { .window(function, self, n) }
  public func correlation(_ other: Self, _ n: Int) -> Self {
    .pairWindow(.correlation, self, other, n)
  }
  public func covariance(_ other: Self, _ n: Int) -> Self {
    .pairWindow(.covariance, self, other, n)
  }

  /// The exponential mean with weight 2 / (n + 1), begun as the mean of the first n.
  public func exponentialMean(_ n: Int, skip: Int = 0) -> Self {
    .recursion(.mean(weight: 2 / Double(n + 1), seed: n, skip: skip), [self])
  }
  /// Wilder's mean with weight 1 / n, begun as the mean of the first n.
  public func wilderMean(_ n: Int) -> Self {
    .recursion(.mean(weight: 1 / Double(n), seed: n, skip: 0), [self])
  }
  public func wilderSum(_ n: Int) -> Self { .recursion(.wilderSum(n), [self]) }
  public func total(begun first: Self? = nil) -> Self {
    .recursion(.total, [self] + (first.map { [$0] } ?? []))
  }
}

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self = .constant(value) }
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}
