import Foundation
import Numerics
import TestKit
import Testing

@testable import Tensors

/// PyTorch's own layers, recorded by Golden/layers.py.
@Suite("Layers give PyTorch's outputs and gradients")
struct GoldenTests {
  struct Recorded: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable {
    struct Parameter: Decodable {
      let name: String
      let shape: [Int]
      let gradient: [Double]
    }

    let name: String
    let shape: [Int]
    let output: [Double]
    let input_gradient: [Double]
    let parameters: [Parameter]
  }

  private static func layer<T>(
    _ name: String, _ x: Node<T>
  ) throws(TensorError) -> Node<T> {
    func encoder(_ isNormFirst: Bool) -> TransformerEncoder {
      TransformerEncoder(
        TransformerEncoderLayer(
          8, heads: 2, feedForward: 12, activation: .gelu, isNormFirst: isNormFirst), count: 2)
    }
    switch name {
    case "linear": return try Linear(5, 7)(x)
    case "lstm": return try LSTM(5, 6, layers: 2)(x)
    case "gru": return try GRU(5, 6, layers: 2)(x)
    case "layer_norm": return try LayerNorm(9)(x)
    case "rms_norm": return try RMSNorm(9)(x)
    case "encoder_pre": return try encoder(true)(x)
    case "encoder_post": return try encoder(false)(x)
    default: return try Mamba(8, states: 3, taps: 4)(x)
    }
  }

  private static func wave<T: VectorScalar>(
    _ shape: TensorShape, _ step: Double, _ shift: Double, _ scale: Double = 1
  ) -> Tensor<T> {
    Tensor(shape, copying: (0..<shape.count).map { T(scale * sin(Double($0) * step + shift)) })
  }

  /// The greatest difference, against the greatest of the recorded numbers.
  private static func error<T: VectorScalar>(_ ours: Tensor<T>?, _ recorded: [Double]) -> Double {
    guard let ours, ours.count == recorded.count else { return .infinity }
    let scale = recorded.reduce(1e-30) { max($0, $1.magnitude) }
    return zip(ours.elements, recorded).reduce(0) { max($0, (Double($1.0) - $1.1).magnitude) }
      / scale
  }

  private func compare<T: VectorScalar>(_ type: T.Type, tolerance: Double) throws {
    let path = Package.path("Tests/TensorsTests/Golden/layers.json")
    let recorded = try JSONDecoder().decode(
      Recorded.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(recorded.cases.count == 8)
    for layer in recorded.cases {
      let shape = TensorShape(layer.shape)
      let weights = try Parameters<T>(seed: 1) { (graph) throws(TensorError) in
        _ = try Self.layer(layer.name, graph.input(shape))
      }
      #expect(Set(weights.entries.map(\.name)) == Set(layer.parameters.map(\.name)))
      for (index, parameter) in layer.parameters.enumerated() {
        try weights.set(
          parameter.name, to: Self.wave(TensorShape(parameter.shape), 0.7, Double(index), 0.3))
      }
      let graph = Graph(weights, isTraining: true)
      let x = graph.input(shape, wantsGradient: true)
      let y = try Self.layer(layer.name, x)
      let factors = graph.input([1, y.shape.count])
      let sum = try factors.linear(y.reshaped([1, y.shape.count]))
      let plan = try Plan(minimizing: sum, computing: [y])
      try plan.write(x, Self.wave(shape, 0.37, 0.5))
      try plan.write(factors, Self.wave(factors.shape, 0.11, 0.2))
      try plan.run()
      #expect(Self.error(try plan.value(of: y), layer.output) < tolerance, "\(layer.name)")
      #expect(
        Self.error(try plan.gradient(of: x), layer.input_gradient) < tolerance, "\(layer.name)")
      for parameter in layer.parameters {
        let error = Self.error(try plan.gradient(named: parameter.name), parameter.gradient)
        #expect(error < tolerance, "\(layer.name) \(parameter.name)")
      }
    }
  }

  @Test("in Float64 to rounding")
  func float64() throws { try compare(Double.self, tolerance: 1e-11) }

  @Test("in Float32 within 1e-5")
  func float32() throws { try compare(Float.self, tolerance: 1e-5) }
}
