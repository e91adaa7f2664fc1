/// Weights prepared for many draws, each in constant time.
///
/// Walker's alias method as Vose (1991) builds it: every column holds at most two indices.
public struct WeightTable: Sendable {
  private var threshold: [Double]
  private var alias: [Int]

  public init(_ weights: [Double]) throws(RandomError) {
    let total = try RandomError.total(of: weights)
    let count = weights.count
    // Divided first: the product with the count could overflow.
    var scaled = weights.map { $0 / total * Double(count) }
    threshold = [Double](repeating: 1, count: count)
    alias = Array(0..<count)
    var small = scaled.indices.filter { scaled[$0] < 1 }
    var large = scaled.indices.filter { scaled[$0] >= 1 }
    while let less = small.popLast(), let more = large.last {
      threshold[less] = scaled[less]
      alias[less] = more
      scaled[more] -= 1 - scaled[less]
      if scaled[more] < 1 {
        large.removeLast()
        small.append(more)
      }
    }
  }

  /// An index drawn with chances in proportion to the weights.
  public func draw(from stream: inout RandomStream) -> Int {
    let column = stream.index(below: threshold.count)
    return stream.uniform() < threshold[column] ? column : alias[column]
  }
}
