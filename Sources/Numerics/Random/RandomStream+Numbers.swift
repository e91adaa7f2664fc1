import Foundation

extension RandomStream {
  /// Uniform in [0, 1): a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in (0, 1): an odd multiple of 2⁻⁵³, so that its logarithm is finite.
  mutating func uniformInside() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// A whole number in 0..<bound, each with the same chance (Lemire 2019).
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "an index needs a bound above 0")
    return Int(next(upperBound: UInt64(bound)))
  }

  /// Standard normal (Box and Muller 1958); takes four words.
  public mutating func normal() -> Double {
    let radius = (-2 * log(uniformInside())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Exponential of mean 1.
  public mutating func exponential() -> Double { -log(uniformInside()) }

  /// Gamma of the shape and scale 1.
  public mutating func gamma(shape: Double) throws(RandomError) -> Double {
    exp(try logOfGamma(shape: shape))
  }

  /// Beta of the two shapes.
  public mutating func beta(_ first: Double, _ second: Double) throws(RandomError) -> Double {
    // Through logarithms, because for small shapes both gammas may be below the least Double.
    let a = try logOfGamma(shape: first)
    let b = try logOfGamma(shape: second)
    return 1 / (1 + exp(b - a))
  }

  /// A point of the simplex, Dirichlet with the shapes.
  public mutating func dirichlet(_ shapes: [Double]) throws(RandomError) -> [Double] {
    guard !shapes.isEmpty else { throw .noWeights }
    var logs: [Double] = []
    logs.reserveCapacity(shapes.count)
    for shape in shapes { logs.append(try logOfGamma(shape: shape)) }
    let largest = logs.reduce(-Double.infinity, max)
    let powers = logs.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// An index drawn with chances in proportion to `weights`.
  ///
  /// - Complexity: O(n); many draws from the same weights are cheaper through `WeightTable`.
  public mutating func categorical(_ weights: [Double]) throws(RandomError) -> Int {
    let total = try RandomError.total(of: weights)
    var rest = uniform() * total
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      if rest < weight { return index }
      rest -= weight
      last = index
    }
    return last
  }

  /// The numbers 0..<count in random order (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Puts the elements in random order.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }

  /// Marsaglia and Tsang, A Simple Method for Generating Gamma Variables (2000). Shapes below 1 are
  /// had from shape + 1 and the power of a uniform number, in logarithms lest they underflow.
  private mutating func logOfGamma(shape: Double) throws(RandomError) -> Double {
    guard shape >= RandomError.leastShape, shape.isFinite else { throw .shape(shape) }
    if shape < 1 {
      return try logOfGamma(shape: shape + 1) + log(uniformInside()) / shape
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(uniformInside()) < 0.5 * x * x + d - d * cube + d * log(cube) {
        return log(d) + log(cube)
      }
    }
  }
}
