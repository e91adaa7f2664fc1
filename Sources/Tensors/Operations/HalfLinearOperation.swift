import CHalfProduct
import Numerics

/// A linear layer for inference whose products are of BFloat16 pairs: the weight is kept so, inputs are
/// rounded as they come, and sums, bias and function are in single precision.
///
/// For processors with the instruction, and for `Float`: there it takes about half the time.
struct HalfLinearOperation<T: VectorScalar>: Operation {
  static var name: String { "linear" }
  let rows, inputs, outputs: Int
  let hasBias: Bool
  let activation: Activation

  static var isOffered: Bool { T.self == Float.self && HalfProduct.hasInstruction }

  var keeps: Kept { [] }
  private var panels: HalfPanels { HalfPanels(depth: inputs, columns: outputs) }
  /// Rows that pass all panels together: they stay in the second-level cache.
  private static var rowBlock: Int { 96 }
  /// Halves take the place of half as many numbers.
  private var blockCount: Int { Memory<T>.rounded((min(Self.rowBlock, rows) * inputs + 1) / 2) }

  var preparedCount: Int { (panels.count * panels.size + 1) / 2 }
  var preparedInputs: [Int] { [1] }
  var scratchCount: Int {
    max(blockCount * Pool.shared.threads, (inputs * outputs + 1) / 2)
  }
  var work: Int { rows * inputs * outputs }

  private func halves(_ memory: UnsafeMutablePointer<T>) -> UnsafeMutablePointer<UInt16> {
    UnsafeMutableRawPointer(memory).assumingMemoryBound(to: UInt16.self)
  }

  private func floats(_ memory: UnsafePointer<T>) -> UnsafePointer<Float> {
    UnsafeRawPointer(memory).assumingMemoryBound(to: Float.self)
  }

  func prepare(_ frame: Frame<T>) {
    let weight = floats(frame[1])
    let turned = halves(frame.scratch)
    for output in 0..<outputs {
      for input in 0..<inputs {
        turned[input * outputs + output] = BFloat16(weight[output * inputs + input]).bits
      }
    }
    for panel in 0..<panels.count {
      martinet_pack_half_panel(
        turned, inputs, outputs, panel, halves(frame.prepared) + panel * panels.size)
    }
  }

  func forward(_ frame: Frame<T>) {
    let minimumChunk = max(8, (1 << 20) / (inputs * outputs))
    let partition = Pool.shared.partition(of: rows, minimumChunk: minimumChunk, alignedTo: 8)
    Pool.shared.forEachPart(of: partition) { part, chunk in
      let left = halves(frame.scratch + part * blockCount)
      var first = chunk.lowerBound
      while first < chunk.upperBound {
        let count = min(Self.rowBlock, chunk.upperBound - first)
        run(frame, first..<first + count, left)
        first += count
      }
    }
  }

  private func run(_ frame: Frame<T>, _ range: Range<Int>, _ left: UnsafeMutablePointer<UInt16>) {
    let output = frame.output + range.lowerBound * outputs
    martinet_round_halves(
      floats(frame[0]) + range.lowerBound * inputs, left, range.count * inputs)
    for panel in 0..<panels.count {
      martinet_multiply_half_panel(
        left, inputs, halves(frame.prepared) + panel * panels.size, 0, range.count,
        UnsafeMutableRawPointer(output).assumingMemoryBound(to: Float.self), outputs, panel)
    }
    if hasBias {
      for row in 0..<range.count {
        Lines.add(frame[2], to: output + row * outputs, count: outputs)
      }
    }
    activation.apply(output, count: range.count * outputs)
  }

  /// Nothing flows back: a graph that keeps halves is not for training.
  func backward(_ frame: Frame<T>) {}
}

/// How the right operand of a product of halves is laid out, in panels of 48 columns and of pairs of
/// lines.
struct HalfPanels {
  let depth, columns: Int

  var count: Int { (columns + width - 1) / width }
  /// Halves in a panel.
  var size: Int { width * ((depth + 1) / 2 * 2) }
  private var width: Int { Int(martinet_half_panel_width) }
}
