import Learning
import Runtime

/// How every network is trained.
struct NetworkTraining: Configured, Equatable {
  var epochs = 20
  var batch = 256
  var rate = 1e-3
  var schedule = RateSchedule.cosine
  var warmUp = 0
  var weightDecay = 0.01
  var gradientNormMax = 1.0
  var smoothing = 0.0
  var patience = 4
  var checkpointSteps = 200
  var classWeights = ClassWeighting.none

  enum RateSchedule: String, CaseIterable, ConfigurationChoice {
    case constant, cosine
    case oneCycle = "one_cycle"
  }

  static let schema = Schema<Self>("How it learns") {
    Field("epochs", \.epochs, in: 1...100_000, "Passes over the training part, at most")
    Field("batch", \.batch, in: 1...65_536, "Samples of a step")
    Field("learning_rate", \.rate, in: 1e-7...1, "The rate, or its peak")
    Field("schedule", \.schedule, "How the rate changes over the steps")
    Field("warm_up_steps", \.warmUp, in: 0...1_000_000, "Steps in which the rate rises first")
    Field("weight_decay", \.weightDecay, in: 0...1, "Of AdamW")
    Field("gradient_norm_max", \.gradientNormMax, in: 1e-6...1e6, "Longer gradients are shortened")
    Field("label_smoothing", \.smoothing, in: 0...0.5, "Part of a label that is shared out evenly")
    Field(
      "patience", \.patience, in: 1...100_000, unit: "epochs",
      "How long to wait for a better validation loss")
    Field(
      "checkpoint_steps", \.checkpointSteps, in: 1...1_000_000, unit: "steps",
      "How often to keep what an interrupted run needs to go on")
    Field("class_weights", \.classWeights, "Whether rare classes count more")
  }
}

/// Settings of a network: its own, and how it is trained.
protocol NetworkSettings: Configured {
  var sequenceLength: Int { get }
  var training: NetworkTraining { get set }
}
