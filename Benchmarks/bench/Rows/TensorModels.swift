import Foundation
import Numerics
import Tensors

/// The models of the tensor rows and the numbers both sides fill them with.
enum TensorModel: String, CaseIterable {
  case lstm, gru, transformer, mamba

  var inputShape: [Int] { self == .mamba ? [512, 256] : [60, 107] }

  /// Layers named as in Benchmarks/peers/torch_models.py.
  func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    switch self {
    case .lstm: return try Linear(128, 3)("o", LSTM(107, 128, layers: 2)("r", x).lastStep())
    case .gru: return try Linear(128, 3)("o", GRU(107, 128, layers: 2)("r", x).lastStep())
    case .transformer:
      let positions = try x.graph.parameter("p", [1, 60, 128], .normal(deviation: 0.02))
      let layer = TransformerEncoderLayer(
        128, heads: 8, feedForward: 512, activation: .gelu, dropout: 0.1, isNormFirst: true)
      let embedded = try Linear(107, 128)("i", x) + positions
      return try Linear(128, 3)("o", TransformerEncoder(layer, count: 3)("e", embedded).lastStep())
    case .mamba: return try Mamba(256)(x)
    }
  }

  /// A loss that needs no labels beside those of the first class.
  func loss<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    let y = try self(x)
    if self == .mamba { return try y.loss(.squared, against: x.graph.input(y.shape)) }
    return try y.crossEntropy(x.graph.indices([x.shape[0]], below: 3))
  }

  /// Multiplications of one row's forward pass.
  var work: Double {
    switch self {
    case .lstm: 60 * 512 * (107 + 128 + 2 * 128)
    case .gru: 60 * 384 * (107 + 128 + 2 * 128)
    case .transformer: 60 * (107 * 128 + 3 * (12 * 128 * 128 + 2 * 60 * 128))
    case .mamba: 512 * (256 * 1024 + 512 * 48 + 16 * 512 + 512 * 256 + 3 * 16 * 512)
    }
  }

  func weights() throws -> Parameters<Float> {
    let shape = TensorShape([1] + inputShape)
    let weights = try Parameters<Float>(seed: 1) { (graph) throws(TensorError) in
      _ = try self(graph.input(shape))
    }
    let names = weights.entries.map(\.name).sorted()
    for (index, name) in names.enumerated() {
      guard let entry = weights.entries.first(where: { $0.name == name }) else { continue }
      let scale = 1 / Double(max(1, entry.shape.last)).squareRoot()
      let numbers = (0..<entry.shape.count).map {
        Float(scale * sin(Double($0) * 0.7 + Double(index)))
      }
      try weights.set(name, to: Tensor(entry.shape, numbers))
    }
    return weights
  }
}

extension TensorRows {
  static let models: [Row] =
    [
      train(.lstm, ratio: 1.4), infer(.lstm, ratio: 1), latency(.lstm, ratio: 3),
      train(.gru, ratio: 1.6), infer(.gru, ratio: 2), latency(.gru, ratio: 8),
      train(.transformer, ratio: 2.5), infer(.transformer, ratio: 2),
      latency(.transformer, ratio: 2),
      train(.mamba, ratio: 3), infer(.mamba, ratio: 3), latency(.mamba, ratio: 4),
    ]

  private static let torch = PeerCase(
    name: "PyTorch", group: "numerics", script: "torch_models.py")

  private static func row(
    _ name: String, _ model: TensorModel, batch: Int, ratio: Double, passes: Double,
    agreement: Agreement, prepare: @escaping @Sendable (Int, [Float]) throws -> Prepared
  ) -> Row {
    let isRate = batch == 256
    return Row(
      bench: "tensors", name: name,
      figure: isRate
        ? .rate(unit: "windows/s", perItem: 1 / (2 * passes * model.work))
        : .time(unit: "ms", perSecond: 1000),
      target: .ratio(ratio), peer: torch, agreement: agreement,
      limit: .operations(
        "two operations a weight, row and pass / f32 FMA peak",
        { Limits.Peak.multiplyAdd32(threads: $0) }, { $0 }),
      usesBLAS: false
    ) { size in
      let rows = size == .full ? batch : min(batch, 8)
      let shape = [rows] + model.inputShape
      let input = Input(
        name: "tensors_\(model.rawValue)", format: .float32, shape: shape
      ) { stream, count in (0..<count).map { _ in stream.normal() } }
      let text = shape.map(String.init).joined(separator: "x")
      return Work(size: text, items: 2 * passes * Double(rows) * model.work, inputs: [input]) {
        files in try prepare(rows, try RawNumbers.read(files[0].path))
      }
    }
  }

  private static let outputs = Agreement(
    measure: .ofGreatest, tolerance: 1e-4, text: "every output, against the greatest")

  private static func infer(_ model: TensorModel, ratio: Double) -> Row {
    let isMamba = model == .mamba
    return row(
      isMamba ? "mamba_infer_b32" : "\(model.rawValue)_infer", model, batch: isMamba ? 32 : 256,
      ratio: ratio, passes: 1, agreement: outputs
    ) { try prepareInference(model, rows: $0, $1) }
  }

  private static func latency(_ model: TensorModel, ratio: Double) -> Row {
    row(
      model == .mamba ? "mamba_infer_b1" : "\(model.rawValue)_latency", model, batch: 1,
      ratio: ratio, passes: 1, agreement: outputs
    ) { try prepareInference(model, rows: $0, $1) }
  }

  private static func prepareInference(
    _ model: TensorModel, rows: Int, _ numbers: [Float]
  ) throws -> Prepared {
    let graph = Graph(try model.weights())
    let x = graph.input(TensorShape([rows] + model.inputShape))
    let y = try model(x)
    let plan = try Plan(computing: [y])
    try plan.write(x, Tensor(x.shape, numbers))
    return Prepared(
      run: { try plan.run() }, output: { try plan.value(of: y).elements.map { Double($0) } })
  }

  private static func train(_ model: TensorModel, ratio: Double) -> Row {
    let isMamba = model == .mamba
    // Dropout differs by its nature: the Transformer's loss is compared roughly.
    let first = Agreement(
      measure: .relative(floor: 1e-6), tolerance: model == .transformer ? 0.2 : 1e-3,
      text: "the loss of the first step")
    return row(
      isMamba ? "mamba_train_b32" : "\(model.rawValue)_train", model, batch: isMamba ? 32 : 256,
      ratio: ratio, passes: 3, agreement: first
    ) { rows, numbers in
      let trainer = try Trainer(try model.weights(), optimizer: .adam(), batch: rows) {
        (graph, rows) throws(TensorError) in
        let x = graph.input(TensorShape([rows] + model.inputShape))
        return (inputs: x, loss: try model.loss(x))
      }
      let perRow = numbers.count / rows
      var losses: [Double] = []
      return Prepared(
        run: {
          let loss = try trainer.step(rate: 1e-3) { (plan, x, rows) throws(TensorError) in
            try plan.write(x) { span in
              for i in span.indices { span[i] = numbers[rows.lowerBound * perRow + i] }
            }
          }
          if losses.isEmpty { losses.append(Double(loss)) }
        }, output: { losses })
    }
  }
}
