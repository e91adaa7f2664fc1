import Foundation
import Numerics
import Tensors

/// Neural networks: training steps, batch inference and one window at a time.
enum TensorRows {
  static let all: [Row] =
    models + [mambaStep, mlpStep(isAbsolute: false), mlpStep(isAbsolute: true), halfProduct]

  /// One step of 26 → 64 → 64 → 9 on 32 rows: forward, backward, Adam.
  private static func mlpStep(isAbsolute: Bool) -> Row {
    Row(
      bench: "tensors", name: isAbsolute ? "mlp_step_us" : "mlp_step_b32",
      figure: .time(unit: "µs", perSecond: 1e6), target: isAbsolute ? .atMost(20) : .ratio(10),
      peer: isAbsolute
        ? nil : PeerCase(name: "PyTorch", group: "numerics", script: "torch_models.py"),
      agreement: Agreement(
        measure: .relative(floor: 1e-3), tolerance: 1e-3, text: "the loss after one step"),
      limit: .operations(
        "forward and backward, two operations a weight, row and pass / f32 FMA peak of one core",
        { _ in Limits.Peak.multiplyAdd32(threads: 1) }, { $0 }),
      usesBLAS: false
    ) { size in
      let batch = 32
      let features = Input(name: "mlp_features", format: .float32, shape: [batch, 26]) {
        stream, count in (0..<count).map { _ in stream.normal() }
      }
      let labels = Input(name: "mlp_labels", format: .float32, shape: [batch]) { stream, count in
        (0..<count).map { _ in Double(stream.index(below: 9)) }
      }
      let weightCount = 26 * 64 + 64 * 64 + 64 * 9
      return Work(
        size: "32 rows", items: Double(6 * batch * weightCount), inputs: [features, labels]
      ) { files in
        let model = MLP([26, 64, 64, 9])
        let weights = try Parameters<Float>(seed: 7) { (graph) throws(TensorError) in
          _ = try model("mlp", graph.input([1, 26]))
        }
        let trainer = try Trainer(weights, optimizer: .adam(), batch: batch) {
          (graph, rows) throws(TensorError) in
          let x = graph.input([rows, 26])
          let y = graph.indices([rows], below: 9)
          return (inputs: (x, y), loss: try model("mlp", x).crossEntropy(y))
        }
        for (index, name) in weights.entries.map(\.name).sorted().enumerated() {
          guard let entry = weights.entries.first(where: { $0.name == name }) else { continue }
          let scale = 1 / Double(max(1, entry.shape.last)).squareRoot()
          try weights.set(
            name,
            to: Tensor(
              entry.shape,
              (0..<entry.shape.count).map {
                Float(scale * sin(Double($0) * 0.7 + Double(index)))
              }))
        }
        let x: [Float] = try RawNumbers.read(files[0].path)
        let y: [Float] = try RawNumbers.read(files[1].path)
        var losses: [Double] = []
        try trainer.step(rate: 1e-3) { (plan, inputs, rows) throws(TensorError) in
          try plan.write(inputs.0) { span in for i in span.indices { span[i] = x[i] } }
          try inputs.1.write(y.map { Int($0) })
        }
        return Prepared(
          run: {
            let loss = try trainer.step(rate: 1e-3) { _, _, _ in }
            if losses.isEmpty { losses.append(Double(loss)) }
          },
          output: { losses })
      }
    }
  }
}
