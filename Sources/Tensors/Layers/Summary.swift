import Numerics
import Runtime

extension Parameters {
  /// One layer of a model: what it holds and what a forward pass costs on the shapes of the trace.
  package struct LayerSummary: Sendable, Equatable {
    package let path: String
    /// Of what the layer's last operation gives; nil where only parts of it compute.
    package let output: TensorShape?
    package let weights: Int
    /// Multiplications and additions.
    package let operations: Int
  }

  /// The layers in the order in which they were first run.
  package var layers: [LayerSummary] {
    var order: [String] = []
    var weights: [String: Int] = [:]
    var work: [String: Int] = [:]
    var outputs: [String: TensorShape] = [:]
    for (id, record) in trace.records.enumerated() {
      var path = record.path
      switch record.source {
      case .parameter:
        path = path.split(separator: ".").dropLast().joined(separator: ".")
        weights[path, default: 0] += record.shape.count
      case .operation:
        work[path, default: 0] += 2 * (trace.operation(id)?.0.work ?? 0)
        outputs[path] = record.shape
      case .input, .constant, .view: continue
      }
      if !order.contains(path) { order.append(path) }
    }
    return order.map {
      LayerSummary(
        path: $0, output: outputs[$0], weights: weights[$0] ?? 0, operations: work[$0] ?? 0)
    }
  }

  /// A table of the layers, with their sums in the last line.
  package func summary(for traits: TerminalTraits) -> String {
    var table = Table([
      .words("layer"), .words("output"), .numbers("weights"), .numbers("operations"),
    ])
    let layers = layers
    for layer in layers {
      table.add([
        .init(layer.path.isEmpty ? "(model)" : layer.path),
        .init(layer.output?.description ?? ""), "\(layer.weights)", "\(layer.operations)",
      ])
    }
    table.add(["all", "", "\(weightCount)", "\(layers.reduce(0) { $0 + $1.operations })"])
    return table.text(for: traits)
  }
}
