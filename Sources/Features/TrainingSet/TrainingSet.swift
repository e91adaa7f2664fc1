/// Features and labels of many symbols in three parts, ready to learn from.
public struct TrainingSet: Sendable {
  /// Whether a column of that name can be no feature.
  static func isReserved(_ name: String) -> Bool {
    name == "datetime" || name == "symbol" || name.hasPrefix("label_")
  }
}
