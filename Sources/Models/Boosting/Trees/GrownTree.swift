/// A tree as a file describes it, before it is laid out for prediction.
struct GrownTree<Leaf> {
  /// Which way a value goes. Both libraries' rules come down to two: a threshold or a set.
  enum Test {
    /// To the left up to and including the threshold.
    case upTo(Float, MissingRule)
    /// Categories of the set, a bit each, go to the one side, all others to the other.
    case among([UInt32], goesLeft: Bool, missingGoesLeft: Bool)
  }

  enum Node {
    case leaf(Leaf)
    /// - Parameter gain: by how much the split made the loss smaller
    case split(feature: Int, Test, gain: Double, left: Int, right: Int)
  }

  /// The root is the first.
  var nodes: [Node]
  /// The output that the tree's leaf is added to.
  var output: Int
}
