import Runtime

/// Settings with one field of every kind.
struct SampleSettings: Configured, Equatable {
  enum Side: String, ConfigurationChoice { case long, short, both }

  struct Costs: Configured, Equatable {
    var fee = 0.5
    var minimum = 1.0
    var cap: Double?

    static let schema = Schema<Self>("What trading costs") {
      Field("fee", \.fee, in: 0...100, unit: "bps", "Paid on each fill")
      Field("minimum", \.minimum, in: 0..., unit: "USD", "Least paid for an order")
      Field("cap", \.cap, in: 0..., unit: "USD", "Most paid for an order")
    }

    var inconsistency: Inconsistency? {
      guard let cap, cap < minimum else { return nil }
      return Inconsistency(
        at: "cap", finding: "the cap is below the minimum", remedy: "raise cap or lower minimum")
    }
  }

  var strategy = "sma_cross"
  var batchSize = 64
  var seed: UInt64 = 1
  var isShuffled = true
  var side = Side.long
  var symbols: [String] = ["SPY"]
  var windows = [20, 50]
  var patience: Duration = .seconds(90)
  var firstDay: CivilDate?
  var days = TimeRange.all
  var key: SecretReference?
  var costs = Costs()

  static let schema = Schema<Self>("A sample") {
    Field("strategy", \.strategy, "Which strategy runs")
    Field("batch_size", \.batchSize, in: 1...4096, "Windows in one step")
    Field("seed", \.seed, "Where random streams begin")
    Field("shuffle", \.isShuffled, "Whether windows are shuffled")
    Field("side", \.side, "Which side is traded")
    Field("symbols", \.symbols, "What is traded")
    Field("windows", \.windows, each: 1...500, unit: "bars", "Lengths of averages")
    Field("patience", \.patience, "How long to wait")
    Field("first_day", \.firstDay, "Where data begins")
    Field("api_key", \.key, "The broker's key")
    Field(section: "costs", \.costs)
  }

  static func load(_ text: String, sets: [String] = []) throws(ConfigurationError) -> Loaded<Self> {
    try Configuration.load(sources: [.init(name: "base.yaml", bytes: Array(text.utf8))], sets: sets)
  }
}

struct NeedsPath: Configured {
  var path = ""
  static let schema = Schema<Self>("A path") {
    Field("path", \.path, required: true, "Where data lies")
  }
}
