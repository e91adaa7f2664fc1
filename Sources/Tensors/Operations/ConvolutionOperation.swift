import Numerics

/// A convolution along the steps of [batch, steps, inputs] with weights [outputs, inputs / groups, taps].
///
/// The numbers that each output reads are laid out as a row, so that it becomes a product.
struct ConvolutionOperation<T: VectorScalar>: Operation {
  static var name: String { "convolution" }
  let batch, steps, inputs, outputs: Int
  let taps, stride, dilation, groups: Int
  let before: Int
  /// Steps of the result.
  let count: Int
  let hasBias: Bool
  let isTraining: Bool

  private var groupInputs: Int { inputs / groups }
  private var groupOutputs: Int { outputs / groups }
  private var depth: Int { groupInputs * taps }
  private var forwardPanels: Panels<T> { Panels(depth: depth, columns: groupOutputs) }
  private var backwardPanels: Panels<T> { Panels(depth: groupOutputs, columns: depth) }
  private var backwardStart: Int { groups * forwardPanels.size }

  var preparedCount: Int { backwardStart + (isTraining ? groups * backwardPanels.size : 0) }
  var preparedInputs: [Int] { [1] }
  private var rowCount: Int { Memory<T>.rounded(count * depth) }
  var scratchCount: Int {
    max(
      rowCount * Pool.shared.threads,
      2 * rowCount + Product<T>.workspace(depth: count, columns: depth))
  }
  var work: Int { batch * count * outputs * depth }

  func prepare(_ frame: Frame<T>) {
    for group in 0..<groups {
      let weight = Strided(frame[1] + group * groupOutputs * depth, row: depth)
      forwardPanels.pack(weight.transposed, into: frame.prepared + group * forwardPanels.size)
      guard isTraining else { continue }
      backwardPanels.pack(
        weight, into: frame.prepared + backwardStart + group * backwardPanels.size)
    }
  }

  func forward(_ frame: Frame<T>) {
    let partition = Pool.shared.partition(
      of: batch, minimumChunk: max(1, (1 << 19) / (work / batch + 1)))
    Pool.shared.forEachPart(of: partition) { part, range in
      let rows = frame.scratch + part * rowCount
      for row in range {
        for group in 0..<groups {
          gather(frame[0] + row * steps * inputs + group * groupInputs, into: rows)
          let column = group * groupOutputs
          Product.multiply(
            Strided(UnsafePointer(rows), row: depth), forwardPanels,
            UnsafePointer(frame.prepared) + group * forwardPanels.size, rows: count,
            into: .init(
              start: frame.output + row * count * outputs + column, stride: outputs,
              bias: hasBias ? frame[2] + column : nil))
        }
      }
    }
  }

  func backward(_ frame: Frame<T>) {
    if hasBias, let target = frame.gradients[2] {
      Lines.sumRows(
        UnsafePointer(frame.gradient), rows: batch * count, columns: outputs, into: target,
        accumulates: frame.accumulates[2])
    }
    if let target = frame.gradients[0], !frame.accumulates[0] {
      target.update(repeating: 0, count: batch * steps * inputs)
    }
    let (rows, slopes) = (frame.scratch, frame.scratch + rowCount)
    for row in 0..<batch {
      for group in 0..<groups {
        let start = row * steps * inputs + group * groupInputs
        let slope = Strided(
          UnsafePointer(frame.gradient) + row * count * outputs + group * groupOutputs,
          row: outputs)
        if let target = frame.gradients[1] {
          gather(frame[0] + start, into: rows)
          Product.multiply(
            slope.transposed, Strided(UnsafePointer(rows), row: depth), rows: groupOutputs,
            depth: count, columns: depth,
            into: .init(
              start: target + group * groupOutputs * depth, stride: depth,
              accumulates: row > 0 || frame.accumulates[1]),
            workspace: slopes + rowCount)
        }
        if let target = frame.gradients[0] {
          Product.multiply(
            slope, backwardPanels,
            UnsafePointer(frame.prepared) + backwardStart + group * backwardPanels.size,
            rows: count, into: .init(start: slopes, stride: depth))
          scatter(UnsafePointer(slopes), into: target + start)
        }
      }
    }
  }

  /// The numbers of each output as a row, by input and tap as the weights are.
  @specialized(where T == Float)
  @specialized(where T == Double)
  private func gather(_ x: UnsafePointer<T>, into rows: UnsafeMutablePointer<T>) {
    for place in 0..<count {
      let row = rows + place &* depth
      for tap in 0..<taps {
        let step = place &* stride &+ tap &* dilation &- before
        let isInside = step >= 0 && step < steps
        for input in 0..<groupInputs {
          row[input &* taps &+ tap] = isInside ? x[step &* inputs &+ input] : 0
        }
      }
    }
  }

  @specialized(where T == Float)
  @specialized(where T == Double)
  private func scatter(_ rows: UnsafePointer<T>, into x: UnsafeMutablePointer<T>) {
    for place in 0..<count {
      let row = rows + place &* depth
      for tap in 0..<taps {
        let step = place &* stride &+ tap &* dilation &- before
        guard step >= 0, step < steps else { continue }
        for input in 0..<groupInputs { x[step &* inputs &+ input] += row[input &* taps &+ tap] }
      }
    }
  }
}

/// Zeros around the steps of a convolution.
package enum StepPadding: Sendable, Equatable {
  case none
  /// Before the first step only, so that no output reads a later step.
  case causal
  /// As many outputs as steps, with the zeros on both sides; of an odd number more at the end.
  case same
  /// So many on either side.
  case both(Int)
}

extension Node {
  /// A convolution along the steps of [batch, steps, inputs].
  ///
  /// - Parameters:
  ///   - weight: [outputs, inputs / groups, taps], as PyTorch keeps it
  ///   - groups: of inputs that do not mix; as many as inputs for a convolution of each on its own
  package func convolved(
    _ weight: Node, _ bias: Node? = nil, padding: StepPadding = .none, stride: Int = 1,
    dilation: Int = 1, groups: Int = 1
  ) throws(TensorError) -> Node {
    let place = graph.place("convolution")
    guard shape.rank == 3, weight.shape.rank == 3 else {
      throw .shapes(place, first: shape, second: weight.shape)
    }
    let (batch, steps, inputs) = (shape[0], shape[1], shape[2])
    let (outputs, taps) = (weight.shape[0], weight.shape[2])
    guard groups > 0, stride > 0, dilation > 0, dilation < 1 << 30, inputs % groups == 0,
      outputs % groups == 0
    else {
      throw .setting(
        place,
        finding: "stride \(stride), dilation \(dilation) and \(groups) groups "
          + "do not go with \(inputs) inputs and \(outputs) outputs")
    }
    guard weight.shape[1] == inputs / groups else {
      throw .shapes(place, first: shape, second: weight.shape)
    }
    if let bias, bias.shape != [outputs] {
      throw .shapes(place, first: weight.shape, second: bias.shape)
    }
    let reach = dilation * (taps - 1)
    let (before, after) =
      switch padding {
      case .none: (0, 0)
      case .causal: (reach, 0)
      case .same: (reach / 2, reach - reach / 2)
      case .both(let width): (max(0, min(width, 1 << 30)), max(0, min(width, 1 << 30)))
      }
    guard steps + before + after > reach else {
      throw .shape(place, shape, needed: "\(reach + 1 - before - after) steps or more")
    }
    let count = (steps + before + after - reach - 1) / stride + 1
    let operation = ConvolutionOperation<T>(
      batch: batch, steps: steps, inputs: inputs, outputs: outputs, taps: taps, stride: stride,
      dilation: dilation, groups: groups, before: before, count: count, hasBias: bias != nil,
      isTraining: graph.isTraining)
    return try graph.record(
      operation, [self, weight] + (bias.map { [$0] } ?? []), shape: [batch, count, outputs])
  }
}
