import Market
import Runtime

/// A strategy as a recording keeps it: by name and parameters, so that it can be made again.
public enum StrategyRecipe: Hashable, Sendable {
  /// One of the catalogue, by its id.
  case shipped(String, StrategyValues)
  /// A model whose weights lie in a file of their own.
  case linear(LinearModel)
  /// A person's rules, their text included.
  case rules(RuleSource)

  /// Ready to run.
  public func strategy() throws(BacktestError) -> AnyStrategy {
    switch self {
    case .shipped(let id, let values):
      guard let type = StrategyCatalogue.type(id) else { throw .unknownStrategy(id) }
      return AnyStrategy(try type.init(values))
    case .linear(let model): return AnyStrategy(LinearStrategy(model))
    case .rules(let source):
      do throws(RuleError) { return try Rules(source).strategy } catch { throw .rules(error) }
    }
  }

  public var json: JSON {
    switch self {
    case .shipped(let id, let values):
      let parameters = StrategyCatalogue.type(id)?.parameters ?? []
      return .object(
        [JSON.Member("name", JSON(id))]
          + parameters.map { JSON.Member($0.key, $0.json(values[$0.key])) })
    case .linear(let model):
      return ["name": "linear", "artefact_sha256": JSON(model.digest.description)]
    case .rules(let source): return source.json
    }
  }

  /// - Parameter artefact: the file of the model's weights, for a recipe that has one
  init(_ json: JSON?, artefact: () throws(RecordingError) -> LinearModel) throws(RecordingError) {
    guard let name = json?["name"]?.string else {
      throw .malformed("run.json", "the strategy's name")
    }
    if let type = StrategyCatalogue.type(name) {
      var given: [String: Double] = [:]
      for parameter in type.parameters {
        guard let value = json?[parameter.key]?.double else {
          throw .malformed("run.json", "strategy.\(parameter.key)")
        }
        given[parameter.key] = value
      }
      do {
        self = .shipped(name, try StrategyCatalogue.values(given, of: type))
      } catch { throw .backtest(error) }
      return
    }
    if name == "rules" {
      guard let source = RuleSource(json) else {
        throw .malformed("run.json", "strategy.file and text")
      }
      self = .rules(source)
      return
    }
    guard name == "linear" else {
      throw .malformed("run.json", "a strategy that this program knows")
    }
    let model = try artefact()
    guard json?["artefact_sha256"]?.string == model.digest.description else {
      throw .otherArtefact(
        recorded: json?["artefact_sha256"]?.string ?? "none", found: model.digest.description)
    }
    self = .linear(model)
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
