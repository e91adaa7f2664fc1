import Foundation
import Numerics

/// Rotary positions (Su and others 2021): within each head, number i and number i + width / 2 are
/// turned by an angle that grows with the step and falls with i. Columns behind the heads stay.
struct RotationOperation<T: VectorScalar>: Operation {
  static var name: String { "rotary positions" }
  let batch, steps, columns: Int
  let heads, width: Int
  /// Cosines and sines of each step, [steps, width / 2] each.
  private let cosines, sines: [T]

  init(batch: Int, steps: Int, columns: Int, heads: Int, width: Int, base: Double) {
    self.batch = batch
    self.steps = steps
    self.columns = columns
    self.heads = heads
    self.width = width
    let half = width / 2
    let angles = (0..<steps * half).map { place in
      Double(place / half) * pow(base, -2 * Double(place % half) / Double(width))
    }
    cosines = angles.map { T(cos($0)) }
    sines = angles.map { T(sin($0)) }
  }

  var keeps: Kept { [] }

  func forward(_ frame: Frame<T>) {
    turn(frame[0], into: frame.output, isBack: false, accumulates: false)
  }

  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    turn(
      UnsafePointer(frame.gradient), into: target, isBack: true,
      accumulates: frame.accumulates[0])
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  private func turn(
    _ source: UnsafePointer<T>, into target: UnsafeMutablePointer<T>, isBack: Bool,
    accumulates: Bool
  ) {
    let half = width / 2
    for row in 0..<batch &* steps {
      let (x, y) = (source + row &* columns, target + row &* columns)
      let angle = row % steps &* half
      for head in 0..<heads {
        for i in 0..<half {
          let (low, high) = (head &* width &+ i, head &* width &+ half &+ i)
          let cosine = cosines[angle &+ i]
          let sine = isBack ? -sines[angle &+ i] : sines[angle &+ i]
          let first = x[low] * cosine - x[high] * sine
          let second = x[high] * cosine + x[low] * sine
          y[low] = accumulates ? y[low] + first : first
          y[high] = accumulates ? y[high] + second : second
        }
      }
      Lines.copy(
        x + heads &* width, to: y + heads &* width, count: columns &- heads &* width,
        accumulates: accumulates)
    }
  }
}

extension Node {
  /// The first `heads` · `width` columns of [batch, steps, columns], turned by their step.
  package func rotated(heads: Int, width: Int, base: Double = 10_000) throws(TensorError) -> Node {
    let place = graph.place("rotary positions")
    guard shape.rank == 3, heads > 0, width > 0, width % 2 == 0,
      heads <= shape[2] / width
    else {
      throw .shape(
        place, shape, needed: "[batch, steps, \(heads) heads of \(width), an even width]")
    }
    guard base > 0 else { throw .setting(place, finding: "a base of \(base) is not above 0") }
    let operation = RotationOperation<T>(
      batch: shape[0], steps: shape[1], columns: shape[2], heads: heads, width: width, base: base)
    return try graph.record(operation, [self], shape: shape)
  }
}
