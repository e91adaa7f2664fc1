import Market
import Numerics

/// A way to replace what is not yet known at a cut; nothing at or before the cut is touched.
public enum Alteration: String, CaseIterable, Sendable {
  case noise, missing, reversed, scaled, removed
  /// Only the bar right after the cut is replaced: a leak of one bar is the commonest.
  case nextBar = "next_bar"

  /// The frame as it might have been, had the time after row `cut` gone differently.
  func applied(to frame: Frame, after cut: Int, seed: UInt64) -> Frame {
    if self == .removed { return frame.slice(0..<cut + 1) }
    var altered = frame
    for (position, name) in frame.names.enumerated() {
      guard let column = frame[name] else { continue }
      var random = RandomStream(seed: seed, purpose: "alteration").split(position)
      let changed = Column<Double>(count: frame.count) { output in
        for row in 0..<frame.count {
          let value =
            row <= cut ? column[row] : replacement(in: column, row: row, cut: cut, &random)
          output.initializeElement(at: row, to: value)
        }
      }
      altered = altered.adding(changed, as: name)
    }
    return altered
  }

  private func replacement(
    in column: Column<Double>, row: Int, cut: Int, _ random: inout RandomStream
  ) -> Double {
    switch self {
    case .noise: column[row] * (0.5 + random.uniform()) + random.uniform()
    case .missing, .removed: .nan
    case .reversed: column[column.count + cut - row]
    case .scaled: column[row] * 1024
    case .nextBar: row == cut + 1 ? column[row] * (1.5 + random.uniform()) + 1 : column[row]
    }
  }
}
