/// The lengths of a tensor's dimensions, the outermost first; none for a single number.
///
/// ```swift
/// let windows: TensorShape = [256, 60, 107]
/// windows.count                     // 1,641,600 numbers
/// windows.replacingLast(with: 3)    // [256, 60, 3]
/// ```
package struct TensorShape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dimensions: [Int]

  package static let rankMax = 6
  /// Numbers that a tensor may have: more do not fit into any memory.
  static let countMax = 1 << 36

  package init(_ dimensions: [Int]) { self.dimensions = dimensions }
  package init(arrayLiteral dimensions: Int...) { self.dimensions = dimensions }

  package var rank: Int { dimensions.count }
  /// How many numbers there are.
  package var count: Int { Self.product(dimensions[...]) }
  /// The length of the last dimension; 1 for a single number.
  package var last: Int { dimensions.last ?? 1 }
  /// How many rows of the last dimension there are.
  package var rows: Int { Self.product(dimensions.dropLast()) }

  /// What lies outside and inside of a dimension, which must be there.
  func sides(of axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (
      Self.product(dimensions[..<axis]), dimensions[axis],
      Self.product(dimensions[(axis + 1)...])
    )
  }

  /// The product, or `Int.max` where it is none that an `Int` holds.
  private static func product(_ lengths: ArraySlice<Int>) -> Int {
    var product = 1
    for length in lengths {
      let (next, isOver) = product.multipliedReportingOverflow(by: length)
      if isOver { return .max }
      product = next
    }
    return product
  }

  /// Why no tensor can have this shape; nil where one can.
  var fault: String? {
    if rank > Self.rankMax { return "at most \(Self.rankMax) dimensions" }
    if dimensions.contains(where: { $0 < 1 }) { return "lengths of 1 and more" }
    if count > Self.countMax || count < 1 { return "at most \(Self.countMax) numbers" }
    return nil
  }

  /// Counted from the end where the index is negative; 1 for a dimension that is not there, as
  /// shapes that are stretched have it.
  package subscript(_ axis: Int) -> Int { self.axis(axis).map { dimensions[$0] } ?? 1 }

  package func replacingLast(with length: Int) -> TensorShape {
    TensorShape(dimensions.dropLast() + [length])
  }

  func replacing(_ axis: Int, with length: Int) -> TensorShape {
    var dimensions = dimensions
    dimensions[axis] = length
    return TensorShape(dimensions)
  }

  func removing(_ axis: Int) -> TensorShape {
    TensorShape(Array(dimensions[..<axis] + dimensions[(axis + 1)...]))
  }

  /// The distances from one index to the next, in numbers, for rows that follow each other.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] &* dimensions[axis + 1]
    }
    return strides
  }

  /// The distances as another shape sees them: 0 along what is stretched, or not there.
  func strides(stretchedTo shape: TensorShape) -> [Int] {
    let missing = shape.rank - rank
    let own = strides
    return (0..<shape.rank).map { axis in
      axis < missing || dimensions[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }

  /// An axis counted from the front, or nil where there is no such axis.
  package func axis(_ axis: Int) -> Int? {
    let counted = axis < 0 ? rank + axis : axis
    return dimensions.indices.contains(counted) ? counted : nil
  }

  /// What two shapes become when dimensions of length 1 are stretched, or nil where they do not fit.
  package func broadcast(with other: TensorShape) -> TensorShape? {
    let rank = max(rank, other.rank)
    var result: [Int] = []
    // From the end, where a dimension that is not there counts as one of length 1.
    for place in stride(from: -1, through: -rank, by: -1) {
      let (a, b) = (self[place], other[place])
      guard a == b || a == 1 || b == 1 else { return nil }
      result.append(a == 1 ? b : a)
    }
    return TensorShape(result.reversed())
  }

  package var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
