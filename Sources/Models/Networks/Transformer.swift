import Learning
import Runtime
import Tensors

/// An encoder of attention over the last rows of a symbol (Vaswani and others 2017), norms first, with
/// learned positions.
enum TransformerKind: NetworkKind {
  struct Settings: NetworkSettings {
    var sequenceLength = 60
    var width = 64
    var heads = 4
    var layers = 2
    var feedForward = 128
    var dropout = 0.1
    var training = NetworkTraining()

    static let schema = Schema<Self>("An encoder of attention") {
      Field(
        "sequence_length", \.sequenceLength, in: 1...10_000, unit: "rows", "What a sample shows")
      Field("width", \.width, in: 2...4096, "Numbers that stand for a row")
      Field("heads", \.heads, in: 1...64, "Heads of attention")
      Field("layers", \.layers, in: 1...32, "Layers, one on the other")
      Field("feed_forward", \.feedForward, in: 1...16_384, "Units between two layers")
      Field("dropout", \.dropout, in: 0...0.9, "Part that is left out in training")
      Field(section: "training", \.training)
    }

    var inconsistency: Inconsistency? {
      guard width % heads != 0 else { return nil }
      return Inconsistency(
        at: "heads", finding: "\(heads) heads do not divide a width of \(width)",
        remedy: "choose a width that is a multiple of the heads")
    }
  }

  static let card = ModelCard(
    "transformer", family: .transformer, "An encoder of attention over the last rows of a symbol",
    abilities: [.classes, .returns, .sequences])
  static let searchSpace = SearchSpace([
    .words("width", ["32", "64", "128"]), .whole("layers", 1...4), .real("dropout", 0...0.5),
    .logarithmic("training.learning_rate", 1e-4...3e-3),
  ])

  static func network(_ settings: Settings, features: Int, outputs: Int) -> any Module {
    AttentionNetwork(
      embedding: Linear(features, settings.width),
      positions: LearnedPositions(steps: settings.sequenceLength, width: settings.width),
      encoder: TransformerEncoder(
        TransformerEncoderLayer(
          settings.width, heads: settings.heads, feedForward: settings.feedForward,
          activation: .gelu, dropout: settings.dropout, isNormFirst: true),
        count: settings.layers),
      norm: LayerNorm(settings.width), head: Linear(settings.width, outputs))
  }
}

/// Rows to numbers, positions, layers, the mean over steps, a linear head.
private struct AttentionNetwork: Module {
  let embedding: Linear
  let positions: LearnedPositions
  let encoder: TransformerEncoder
  let norm: LayerNorm
  let head: Linear

  func callAsFunction<T>(_ x: Node<T>) throws(TensorError) -> Node<T> {
    let rows = try positions("positions", embedding("embedding", x))
    return try head("head", norm("norm", encoder("encoder", rows)).mean(axis: 1))
  }
}

@section("martinet_models") @used private let entry: ModelEntry = {
  announce(NetworkModel<TransformerKind>.self, $0)
}
