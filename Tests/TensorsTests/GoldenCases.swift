import Foundation
import Numerics
import TestKit

@testable import Tensors

/// What Golden/layers.py and Golden/operations.py recorded, and the same models here.
enum GoldenCases {
  struct Recorded: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable {
    struct Parameter: Decodable {
      let name: String
      let shape: [Int]
      let gradient: [Double]
    }

    struct Statistic: Decodable {
      let name: String
      let values: [Double]
    }

    let name: String
    let shape: [Int]
    let output: [Double]
    let input_gradient: [Double]
    let parameters: [Parameter]
    let statistics: [Statistic]
  }

  static func recorded(_ file: String) throws -> [Case] {
    let path = Package.path("Tests/TensorsTests/Golden/\(file).json")
    return try JSONDecoder().decode(
      Recorded.self, from: Data(contentsOf: URL(fileURLWithPath: path))
    ).cases
  }

  static func wave<T: VectorScalar>(
    _ shape: TensorShape, _ step: Double, _ shift: Double, _ scale: Double = 1
  ) -> Tensor<T> {
    Tensor(shape, copying: (0..<shape.count).map { T(scale * sin(Double($0) * step + shift)) })
  }

  /// A case's weights with the recorded numbers.
  static func weights<T: VectorScalar>(
    _ recorded: Case, device: any Device = Processor()
  ) throws -> Parameters<T> {
    let weights = try Parameters<T>(seed: 1, on: device) { (graph) throws(TensorError) in
      _ = try output(recorded.name, graph.input(TensorShape(recorded.shape)))
    }
    for (index, parameter) in recorded.parameters.enumerated() {
      try weights.set(
        parameter.name, to: wave(TensorShape(parameter.shape), 0.7, Double(index), 0.3))
    }
    return weights
  }

  /// Every number of the output counts differently.
  static func loss<T>(_ y: Node<T>) throws(TensorError) -> Node<T> {
    let factors = y.graph.constant(wave([1, y.shape.count], 0.11, 0.2))
    return try factors.linear(y.reshaped([1, y.shape.count]))
  }

  static func output<T>(_ name: String, _ x: Node<T>) throws(TensorError) -> Node<T> {
    if let y = try layer(name, x) { return y }
    if let y = try block(name, x) { return y }
    if let y = try operation(name, x) { return y }
    return try loss(name, x) ?? x
  }

  private static func layer<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Node<T>? {
    switch name {
    case "linear": return try Linear(5, 7)(x)
    case "lstm": return try LSTM(5, 6, layers: 2)(x)
    case "gru": return try GRU(5, 6, layers: 2)(x)
    case "layer_norm": return try LayerNorm(9)(x)
    case "rms_norm": return try RMSNorm(9)(x)
    case "batch_norm": return try BatchNorm(5)(x)
    case "positions": return try LearnedPositions(steps: 6, width: 4)(x).activated(.tanh)
    case "mamba": return try Mamba(8, states: 3, taps: 4)(x)
    case "embedding":
      let indices = x.graph.indices([2, 3], below: 6)
      try indices.write([1, 5, 1, 0, 2, 5])
      return try Embedding(6, 3)("table", indices, in: x.graph) * x
    case "conv_causal": return try Conv1D(4, 6, taps: 3, padding: .causal, dilation: 2)(x)
    case "conv_strided": return try Conv1D(4, 6, taps: 3, padding: .both(1), stride: 2)(x)
    case "conv_groups": return try Conv1D(4, 6, taps: 3, padding: .same, groups: 2)(x)
    default: return nil
    }
  }

  private static func block<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Node<T>? {
    func encoder(_ isNormFirst: Bool) -> TransformerEncoder {
      TransformerEncoder(
        TransformerEncoderLayer(
          8, heads: 2, feedForward: 12, activation: .gelu, isNormFirst: isNormFirst), count: 2)
    }
    func decode(_ isNormFirst: Bool) throws(TensorError) -> Node<T> {
      let layer = TransformerDecoderLayer(8, heads: 2, feedForward: 12, isNormFirst: isNormFirst)
      return try layer("layer", x, memory: x.slice(1..<4, axis: 1) * 0.5)
    }
    switch name {
    case "encoder_pre": return try encoder(true)(x)
    case "encoder_post": return try encoder(false)(x)
    case "decoder_pre": return try decode(true)
    case "decoder_post": return try decode(false)
    case "rotary":
      return try MultiHeadAttention(8, heads: 2, keyHeads: 1, isCausal: true, rotaryBase: 100)(x)
    case "gated_residual":
      let context = try x.slice(0..<1, axis: 1).reshaped([2, 5]).slice(0..<2, axis: 1)
      return try GatedResidual(5, hidden: 4, outputs: 3, context: 2)(x, context: context)
    case "variable_selection":
      return try VariableSelection(3, width: 4)("select", x.split([4, 4, 4], axis: -1)).mixture
    case "revin":
      let window = try RevIN(3)("revin", x)
      let forecast = try window.normed.slice(1..<6, axis: 1).activated(.tanh)
      return try RevIN(3).restored("revin", forecast, of: window)
    default: return nil
    }
  }

  private static func operation<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Node<T>? {
    switch name {
    case "reductions":
      return try x.sum(axis: 1) * x.mean(axis: 1) + x.maximum(axis: 1) - x.minimum(axis: 1)
        + x.variance(axis: 1)
    case "gather":
      let (from, to, picks) = (
        x.graph.indices([4], below: 7), x.graph.indices([4], below: 5),
        x.graph.indices([4], below: 3)
      )
      try from.write([2, 0, 6, 2])
      try to.write([4, 1, 4, 0])
      try picks.write([2, 0, 1, 1])
      let rows = try x.gathered(from)
      return try .concatenated(
        [rows.scattered(to), rows.picked(picks).stretched(to: [4, 3])], axis: 0)
    case "gather_axis":
      let indices = x.graph.indices([2, 2], below: 5)
      try indices.write([4, 0, 2, 4])
      return try x.gathered(indices, axis: 1)
    case "elementary":
      let y = try x.square() + 0.1
      let quotient = try (x + 2).reciprocal() / (-x + 3)
      return try y.log() * x.exp() + y.squareRoot() * x.magnitude() + quotient - x * 2
    case "top":
      let top = try x.top(2)
      return try top.values * x.square().picked(top.indices)
    case "masked":
      let mask = x.graph.mask([7])
      try mask.write((0..<7).map { $0 % 3 == 1 })
      let least = x.graph.constant(try Tensor([1], [-0.4]))
      let greatest = x.graph.constant(try Tensor([1], [0.8]))
      return try x.filled(mask, with: 0.25).maximum(least).minimum(greatest)
    case "softmax": return try x.softmax() * x.logSoftmax()
    case "cumulative": return try x.cumulativeSum(axis: 1) * x.cumulativeSum(axis: -1)
    case "permuted":
      return try x.permuted([2, 0, 1]) * x.permuted([2, 1, 0]).transposed()
    case "joined":
      let tripled = try Node.concatenated([x, x], axis: 1) * 3
      let first = try x.slice(0..<1, axis: 1).inserting(1).stretched(to: [3, 2, 8])
      return try .stacked([.concatenated([x, x * 2], axis: 1), tripled], axis: 1) + first
    case "pads":
      let edges = try x.padded(before: 2, after: 3, axis: -1, with: .edges)
      let half = try x.padded(after: 1, axis: -1, with: .constant(0.5))
      return try edges.windows(of: 4, every: 2) + half.slice(2..<6, axis: -1).inserting(-2)
    case "products":
      let (a, b) = (try x.slice(0..<3, axis: 1), try x.slice(3..<7, axis: 1))
      let left = try a.product(with: b, transposingSecond: true).product(with: b)
      let square = try a.product(with: a, transposingFirst: true).sum()
      let turned = try x.slice(0..<1, axis: 0).reshaped([7, 6]).slice(0..<6, axis: 0)
      return try left.product(with: turned, transposingSecond: true) + square
    case "pool_max": return try x.pooled(.maximum, window: 3, stride: 2, isPartial: true)
    case "pool_floor": return try x.pooled(.mean, window: 3, stride: 2)
    case "pool_mean": return try x.pooled(.mean, window: 4, isPartial: true)
    case "interpolate": return try x.interpolated(to: 11)
    case "extremes": return try x.minimum(-x + 0.3) * x.maximum(x.square())
    default: return nil
    }
  }

  private static func loss<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Node<T>? {
    switch name {
    case "gaussian":
      let parts = try x.split([2, 2, 2], axis: 0)
      return try parts[0].gaussianLoss(deviation: parts[1].exp(), against: parts[2])
    case "student":
      let parts = try x.split([2, 2, 2, 2], axis: 0)
      return try parts[0].studentLoss(
        scale: parts[1].exp(), freedom: parts[2].exp() + 1.5, against: parts[3])
    case "pinball":
      let parts = try x.split([1, 3], axis: 1)
      return try parts[1].pinballLoss(
        quantiles: [0.1, 0.5, 0.9], against: parts[0].reshaped([5]))
    case "cross_entropy":
      let labels = x.graph.indices([6], below: 4)
      try labels.write([2, 0, 1, 1, 3, 0])
      let weights = x.graph.constant(Tensor([4], copying: [0.5, 1, 2, 1.5]))
      return try x.crossEntropy(labels, weights: weights, smoothing: 0.1)
    default: return nil
    }
  }
}
