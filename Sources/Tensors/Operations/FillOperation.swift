import Numerics

/// One value wherever a mask is true, the numbers themselves elsewhere.
struct FillOperation<T: VectorScalar>: Operation {
  static var name: String { "fill" }
  let mask: Mask
  /// Of the tensor and the mask, which may be the smaller.
  let loops: BroadcastLoops
  let value: Double

  var keeps: Kept { [] }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func forward(_ frame: Frame<T>) {
    let value = T(value)
    loops.run { place, x, m in
      for i in 0..<loops.inner {
        frame.output[place &+ i] =
          mask.start[m &+ i &* loops.innerB] ? value : frame[0][x &+ i &* loops.innerA]
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  func backward(_ frame: Frame<T>) {
    guard let target = frame.gradients[0] else { return }
    let isAdded = frame.accumulates[0]
    loops.run { place, x, m in
      for i in 0..<loops.inner {
        let slope = mask.start[m &+ i &* loops.innerB] ? 0 : frame.gradient[place &+ i]
        target[x &+ i] = isAdded ? target[x &+ i] + slope : slope
      }
    }
  }
}

extension Node {
  /// One value wherever the mask is true, which is stretched along its dimensions of length 1.
  package func filled(_ mask: Mask, with value: Double) throws(TensorError) -> Node {
    guard shape.broadcast(with: mask.shape) == shape,
      let loops = BroadcastLoops(shape, mask.shape)
    else { throw .shapes(graph.place("fill"), first: shape, second: mask.shape) }
    return try graph.record(
      FillOperation<T>(mask: mask, loops: loops, value: value), [self], shape: shape)
  }
}
