import Numerics

/// A linear layer for inference whose weight is kept as BFloat16; sums are those of the full format.
struct HalfLinearOperation<T: VectorScalar>: Operation {
  static var name: String { "linear" }
  let rows, inputs, outputs: Int
  let hasBias: Bool
  let activation: Activation

  var keeps: Kept { [] }
  private var panels: HalfPanels<T> {
    HalfPanels(panels: Panels(depth: inputs, columns: outputs))
  }
  var preparedCount: Int { panels.size }
  var preparedInputs: [Int] { [1] }
  var scratchCount: Int { HalfPanels<T>.workspace * Pool.shared.threads }
  var work: Int { rows * inputs * outputs }

  func prepare(_ frame: Frame<T>) {
    panels.pack(Strided(frame[1], row: inputs).transposed, into: frame.prepared)
  }

  func forward(_ frame: Frame<T>) {
    let panels = panels
    let target = Product<T>.Target(
      start: frame.output, stride: outputs, bias: hasBias ? frame[2] : nil)
    let partition = Pool.shared.partition(
      of: panels.panels.count,
      minimumChunk: max(1, (1 << 19) / (rows * inputs * Panels<T>.width)))
    Pool.shared.forEachPart(of: partition) { part, range in
      for panel in range {
        panels.multiply(
          Strided(frame[0], row: inputs), UnsafePointer(frame.prepared), panel: panel, rows: rows,
          into: target, workspace: frame.scratch + part * HalfPanels<T>.workspace)
      }
    }
    activation.apply(frame.output, count: rows * outputs)
  }

  /// Nothing flows back: a graph that keeps halves is not for training.
  func backward(_ frame: Frame<T>) {}
}
