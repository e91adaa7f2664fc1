import Learning
import Runtime
import Tensors

/// Long short-term memory over the last rows of a symbol (Hochreiter and Schmidhuber 1997).
enum LSTMKind: NetworkKind {
  struct Settings: NetworkSettings {
    var sequenceLength = 60
    var hidden = 64
    var layers = 1
    var dropout = 0.1
    var training = NetworkTraining()

    static let schema = Schema<Self>("Long short-term memory") {
      Field(
        "sequence_length", \.sequenceLength, in: 1...10_000, unit: "rows", "What a sample shows")
      Field("hidden", \.hidden, in: 1...4096, "Units of a layer")
      Field("layers", \.layers, in: 1...16, "Layers, one on the other")
      Field("dropout", \.dropout, in: 0...0.9, "Part of what the head sees that is left out")
      Field(section: "training", \.training)
    }
  }

  static let card = ModelCard(
    "lstm", family: .recurrent, "Long short-term memory over the last rows of a symbol",
    abilities: [.classes, .returns, .sequences])
  static let searchSpace = SearchSpace([
    .whole("hidden", 32...256), .whole("layers", 1...3), .real("dropout", 0...0.5),
    .logarithmic("training.learning_rate", 1e-4...1e-2),
  ])

  static func network(_ settings: Settings, features: Int, outputs: Int) -> any Module {
    LastStepNetwork(
      trunk: LSTM(features, settings.hidden, layers: settings.layers), dropout: settings.dropout,
      head: Linear(settings.hidden, outputs))
  }
}

@section("martinet_models") @used private let entry: ModelEntry = {
  announce(NetworkModel<LSTMKind>.self, $0)
}
