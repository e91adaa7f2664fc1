/// Which shares a sale is taken to be of, and so what they had cost.
public enum CostRule: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// All shares held cost the same: what all of them cost over how many there are.
  case average
  /// Those bought first are sold first.
  case firstIn
}
