/// A tree as a file describes it, before it is laid out for prediction.
struct GrownTree<Leaf> {
  /// Which way a value goes. Both libraries' rules come down to two: a threshold or a set.
  enum Test {
    /// To the left up to and including the threshold.
    case upTo(Float, missing: Missing, missingGoesLeft: Bool)
    /// Categories of the set, a bit each, go to the one side, all others to the other.
    case among([UInt32], goesLeft: Bool, missingGoesLeft: Bool)
  }

  /// What counts as a missing value at a threshold.
  enum Missing {
    case nan
    /// LightGBM's `zero_as_missing`: zeros are missing, and NaN is a zero.
    case zero
    /// Nothing is: LightGBM takes NaN for zero where its training data had none.
    case nothing
  }

  enum Node {
    case leaf(Leaf)
    case split(feature: Int, Test, left: Int, right: Int)
  }

  /// The root is the first.
  var nodes: [Node]
  /// The output that the tree's leaf is added to.
  var output: Int
}
