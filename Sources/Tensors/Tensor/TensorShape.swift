/// The lengths of a tensor's dimensions, the outermost first; none for a single number.
package struct TensorShape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dimensions: [Int]

  package static let rankMax = 6

  package init(_ dimensions: [Int]) { self.dimensions = dimensions }
  package init(arrayLiteral dimensions: Int...) { self.dimensions = dimensions }

  package var rank: Int { dimensions.count }
  /// How many numbers there are.
  package var count: Int { dimensions.reduce(1, *) }
  /// The length of the last dimension; 1 for a single number.
  package var last: Int { dimensions.last ?? 1 }
  /// How many rows of the last dimension there are.
  package var rows: Int { dimensions.dropLast().reduce(1, *) }

  /// Counted from the end where the index is negative.
  package subscript(_ axis: Int) -> Int { dimensions[axis < 0 ? rank + axis : axis] }

  package func replacingLast(with length: Int) -> TensorShape {
    TensorShape(dimensions.dropLast() + [length])
  }

  package func replacing(_ axis: Int, with length: Int) -> TensorShape {
    var dimensions = dimensions
    dimensions[axis] = length
    return TensorShape(dimensions)
  }

  /// The distances from one index to the next, in numbers, for rows that follow each other.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// An axis counted from the front, or nil where there is no such axis.
  package func axis(_ axis: Int) -> Int? {
    let counted = axis < 0 ? rank + axis : axis
    return (0..<rank).contains(counted) ? counted : nil
  }

  /// What two shapes become when dimensions of length 1 are stretched, or nil where they do not fit.
  package func broadcast(with other: TensorShape) -> TensorShape? {
    var result: [Int] = []
    for place in 1...max(1, max(rank, other.rank)) where place <= max(rank, other.rank) {
      let a = place <= rank ? self[-place] : 1
      let b = place <= other.rank ? other[-place] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result.append(a == 1 ? b : a)
    }
    return TensorShape(result.reversed())
  }

  package var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
