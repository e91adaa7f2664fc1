import Market
import Runtime

/// A strategy as a recording keeps it: by name and parameters, so that it can be made again.
public enum StrategyRecipe: Hashable, Sendable {
  case movingAverages(fast: Int, slow: Int)
  case buyAndHold
  /// A model whose weights lie in a file of their own.
  case linear(LinearModel)
  /// A trained model.
  case model(ModelSource)

  public var json: JSON {
    switch self {
    case .movingAverages(let fast, let slow):
      ["name": "sma_cross", "fast": JSON(fast), "slow": JSON(slow)]
    case .buyAndHold: ["name": "buy_and_hold"]
    case .linear(let model): ["name": "linear", "artefact_sha256": JSON(model.digest.description)]
    case .model(let source):
      ["name": "model", "model_id": JSON(source.id), "short": JSON(source.allowsShort)]
    }
  }

  /// - Parameters:
  ///   - modelFolder: where a recording keeps a trained model
  ///   - artefact: the file of the model's weights, for a recipe that has one
  init(_ json: JSON?, modelFolder: String, artefact: () throws(RecordingError) -> LinearModel)
    throws(RecordingError)
  {
    switch json?["name"]?.string {
    case "sma_cross":
      guard let fast = json?["fast"]?.whole, let slow = json?["slow"]?.whole else {
        throw .malformed("run.json", "strategy.fast and slow")
      }
      self = .movingAverages(fast: Int(fast), slow: Int(slow))
    case "buy_and_hold": self = .buyAndHold
    case "linear":
      let model = try artefact()
      guard json?["artefact_sha256"]?.string == model.digest.description else {
        throw .otherArtefact(
          recorded: json?["artefact_sha256"]?.string ?? "none", found: model.digest.description)
      }
      self = .linear(model)
    case "model":
      let source: ModelSource
      do {
        source = try ModelSource(folder: modelFolder, allowsShort: json?["short"] == true)
      } catch {
        throw .model(Diagnosis(describing: error, place: modelFolder))
      }
      guard json?["model_id"]?.string == source.id else {
        throw .otherArtefact(recorded: json?["model_id"]?.string ?? "none", found: source.id)
      }
      self = .model(source)
    default: throw .malformed("run.json", "a strategy that this program knows")
    }
  }
}

/// Stands for a model until there are any: a weighted sum of the last returns, from a file.
public struct LinearModel: Hashable, Sendable {
  /// Of the last return first.
  public let weights: [Double]

  public init(weights: [Double]) { self.weights = weights }

  public init(parsing bytes: [UInt8], source: String) throws(RecordingError) {
    let json: JSON
    do { json = try JSON(parsing: bytes, source: source) } catch { throw .json(error) }
    let numbers = json["weights"]?.elements?.compactMap(\.double)
    guard let numbers, !numbers.isEmpty, numbers.count == json["weights"]?.elements?.count else {
      throw .malformed(source, "weights, a list of numbers")
    }
    weights = numbers
  }

  public var json: JSON { ["weights": JSON(weights.map { JSON($0) })] }
  /// Of what its file holds.
  public var digest: SHA256Digest { SHA256.hash(json.text()) }
}

/// Holds while the model's sum is above zero.
public struct LinearStrategy: Strategy {
  public let model: LinearModel
  private var holds: [Bool?] = []

  public init(_ model: LinearModel) { self.model = model }

  public var name: String { "linear \(model.weights.count)" }
  public var warmUp: Int { model.weights.count + 1 }

  public mutating func onStart(_ desk: inout Desk) {
    holds = Array(repeating: nil, count: desk.account.table.count)
  }

  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard let closes = desk.histories[bar.series.place].closes(last: warmUp) else { return }
    var sum = 0.0
    for (lag, weight) in model.weights.enumerated() {
      let row = closes.endIndex - 1 - lag
      sum += weight * (closes[row] / closes[row - 1] - 1)
    }
    let wants = sum > 0
    guard holds[bar.instrument.place] != wants else { return }
    holds[bar.instrument.place] = wants
    desk.hold(wants ? 1 : 0, of: bar.instrument)
  }
}
