import Foundation
import Runtime

/// Numbers as people read them; the `NumberText` of this room reads them from files.
typealias FigureText = Runtime.NumberText

/// Prices and moves in the words of findings.
enum FindingWords {
  /// As many decimals as a price needs to be told from its neighbours.
  static func price(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "missing" : value > 0 ? "∞" : "−∞" }
    let size = abs(value)
    return FigureText.fixed(value, decimals: size >= 10 ? 2 : size >= 0.1 ? 4 : 6)
  }

  /// `+48.0%`, from a logarithm.
  static func move(_ logarithm: Double) -> String {
    let ratio = exp(logarithm) - 1
    return (ratio >= 0 ? "+" : "") + FigureText.percent(ratio)
  }
}
