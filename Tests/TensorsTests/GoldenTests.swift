import Numerics
import Testing

@testable import Tensors

/// Every case that was recorded from PyTorch, looked at from all sides.
@Suite("Layers and operations give PyTorch's outputs and gradients")
struct GoldenTests {
  static let files = ["layers", "operations"]

  /// The greatest difference, against the greatest of the recorded numbers.
  private static func error<T: VectorScalar>(_ ours: Tensor<T>, _ recorded: [Double]) -> Double {
    guard ours.count == recorded.count else { return .infinity }
    let scale = recorded.reduce(1e-30) { max($0, $1.magnitude) }
    return zip(ours.elements, recorded).reduce(0) { max($0, (Double($1.0) - $1.1).magnitude) }
      / scale
  }

  private func compare<T: VectorScalar>(
    _ type: T.Type, _ file: String, tolerance: Double
  ) throws {
    let cases = try GoldenCases.recorded(file)
    #expect(cases.count > 17)
    for recorded in cases {
      let weights: Parameters<T> = try GoldenCases.weights(recorded)
      let names = weights.entries.filter(\.isTrained).map(\.name)
      #expect(Set(names) == Set(recorded.parameters.map(\.name)))
      let graph = Graph(weights, isTraining: true)
      let x = graph.input(TensorShape(recorded.shape), wantsGradient: true)
      let y = try GoldenCases.output(recorded.name, x)
      let plan = try Plan(minimizing: GoldenCases.loss(y), computing: [y])
      try plan.write(x, GoldenCases.wave(x.shape, 0.37, 0.5))
      try plan.run()
      let name = recorded.name
      #expect(Self.error(try plan.value(of: y), recorded.output) < tolerance, "\(name)")
      #expect(Self.error(try plan.gradient(of: x), recorded.input_gradient) < tolerance, "\(name)")
      for parameter in recorded.parameters {
        let error = Self.error(try plan.gradient(named: parameter.name), parameter.gradient)
        #expect(error < tolerance, "\(name) \(parameter.name)")
      }
      guard !recorded.statistics.isEmpty, let gradients = plan.gradients else { continue }
      try Descent(weights, .sgd()).step(rate: 0, gradients)
      for statistic in recorded.statistics {
        let error = Self.error(try #require(weights[statistic.name]), statistic.values)
        #expect(error < tolerance, "\(name) \(statistic.name)")
      }
    }
  }

  @Test("in Float64 to rounding", arguments: files)
  func float64(file: String) throws { try compare(Double.self, file, tolerance: 1e-11) }

  @Test("in Float32 within 1e-5", arguments: files)
  func float32(file: String) throws { try compare(Float.self, file, tolerance: 1e-5) }

  @Test("gradients agree with central differences too", arguments: files)
  func differences(file: String) throws {
    // RevIN stops gradients, which differences know nothing of.
    for recorded in try GoldenCases.recorded(file) where recorded.name != "revin" {
      let check = try GradientCheck { (graph) throws(TensorError) in
        let x = graph.input(TensorShape(recorded.shape), wantsGradient: true)
        return try GoldenCases.loss(GoldenCases.output(recorded.name, x))
      }
      let error = try check.greatestError(samples: 6)
      #expect(error < 1e-6, "\(recorded.name)")
    }
  }

  /// Loss and all gradients as bits, of one pass over a case.
  private func bits(_ recorded: GoldenCases.Case, isTape: Bool, isRepeated: Bool) throws -> [UInt32]
  {
    let weights: Parameters<Float> = try GoldenCases.weights(recorded)
    let input: Tensor<Float> = GoldenCases.wave(TensorShape(recorded.shape), 0.37, 0.5)
    func loss(_ x: Node<Float>) throws(TensorError) -> Node<Float> {
      let dropped = try x.dropout(0.2)
      guard isRepeated else {
        return try GoldenCases.loss(GoldenCases.output(recorded.name, dropped))
      }
      let y = try x.graph.checkpointed { () throws(TensorError) in
        try GoldenCases.output(recorded.name, dropped)
      }
      return try GoldenCases.loss(y)
    }
    var numbers: [Float] = []
    if isTape {
      let tape = Tape(weights, isTraining: true, seed: 3)
      let x = tape.input(input, wantsGradient: true)
      let result = try loss(x)
      let gradients = try tape.gradients(of: result)
      numbers += try tape.value(of: result).elements + tape.gradient(of: x).elements
      for entry in weights.entries { numbers += try gradients[entry.name].elements }
    } else {
      let graph = Graph(weights, isTraining: true, seed: 3)
      let x = graph.input(input.shape, wantsGradient: true)
      let plan = try Plan(minimizing: loss(x))
      try plan.write(x, input)
      try plan.run()
      numbers += try [plan.lossValue] + plan.gradient(of: x).elements
      for entry in weights.entries { numbers += try plan.gradient(named: entry.name).elements }
    }
    return numbers.map(\.bitPattern)
  }

  @Test("a tape gives the bits of a plan", arguments: files)
  func tape(file: String) throws {
    for recorded in try GoldenCases.recorded(file) {
      let plan = try bits(recorded, isTape: false, isRepeated: false)
      let tape = try bits(recorded, isTape: true, isRepeated: false)
      #expect(tape == plan, "\(recorded.name)")
    }
  }

  @Test("what is computed again for the gradient has the same bits", arguments: files)
  func checkpointed(file: String) throws {
    for recorded in try GoldenCases.recorded(file) {
      let kept = try bits(recorded, isTape: false, isRepeated: false)
      let again = try bits(recorded, isTape: false, isRepeated: true)
      #expect(again == kept, "\(recorded.name)")
    }
  }
}
