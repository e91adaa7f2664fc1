import Market
import Runtime

/// A strategy as a recording keeps it: by name and parameters, so that it can be made again.
public enum StrategyRecipe: Hashable, Sendable {
  /// One of the catalogue, by its id.
  case shipped(String, StrategyValues)
  /// A model whose weights lie in a file of their own.
  case linear(LinearModel)
  /// A trained model.
  case model(ModelSource)
  /// A person's rules, their text included.
  case rules(RuleSource)
  /// A program in any language.
  case process(ProcessSource)
  /// A library, by its path.
  case plugin(String)

  /// Ready to run.
  public func strategy() throws(BacktestError) -> AnyStrategy {
    switch self {
    case .shipped(let id, let values):
      guard let type = StrategyCatalogue.type(id) else { throw .unknownStrategy(id) }
      return AnyStrategy(try type.init(values))
    case .linear(let model): return AnyStrategy(LinearStrategy(model))
    case .model(let source):
      do { return AnyStrategy(try source.strategy()) } catch {
        throw .model(Diagnosis(describing: error, place: source.folder))
      }
    case .rules(let source):
      do throws(RuleError) { return try Rules(source).strategy } catch { throw .rules(error) }
    case .process(let source):
      do { return AnyStrategy(try ProcessStrategy(source)) } catch { throw .strategy(error) }
    case .plugin(let path):
      do { return AnyStrategy(try PluginStrategy(path: path)) } catch { throw .strategy(error) }
    }
  }

  /// Whether it is code that is not part of the program.
  public var isGuest: Bool {
    switch self {
    case .process, .plugin: true
    case .shipped, .linear, .model, .rules: false
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
    case .model(let source):
      return ["name": "model", "model_id": JSON(source.id), "short": JSON(source.allowsShort)]
    case .rules(let source): return source.json
    case .process(let source): return source.json
    case .plugin(let path):
      return [
        "name": "plugin", "path": JSON(path), "files_sha256": JSON(PluginStrategy.digest(of: path)),
      ]
    }
  }

  /// - Parameters:
  ///   - modelFolder: where a recording keeps a trained model; without it there can be none
  ///   - artefact: the file of the model's weights, for a recipe that has one
  init(
    _ json: JSON?, modelFolder: String? = nil, artefact: () throws(RecordingError) -> LinearModel
  ) throws(RecordingError) {
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
    if name == "process" {
      guard let source = ProcessSource(json) else {
        throw .malformed("run.json", "strategy.command and seconds")
      }
      let (recorded, found) = (json?["files_sha256"]?.string ?? "none", source.digest())
      guard recorded == found else { throw .otherArtefact(recorded: recorded, found: found) }
      self = .process(source)
      return
    }
    if name == "plugin" {
      guard let path = json?["path"]?.string else { throw .malformed("run.json", "strategy.path") }
      let recorded = json?["files_sha256"]?.string ?? "none"
      let found = PluginStrategy.digest(of: path)
      guard recorded == found else { throw .otherArtefact(recorded: recorded, found: found) }
      self = .plugin(path)
      return
    }
    if name == "model" {
      guard let modelFolder else {
        throw .malformed("run.json", "a strategy that is set by parameters alone")
      }
      self = .model(try Self.recorded(json, in: modelFolder))
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

  /// The model that lies in a recording, which must be the one that traded.
  private static func recorded(
    _ json: JSON?, in folder: String
  ) throws(RecordingError) -> ModelSource {
    let source: ModelSource
    do { source = try ModelSource(folder: folder, allowsShort: json?["short"] == true) } catch {
      throw .backtest(.model(Diagnosis(describing: error, place: folder)))
    }
    guard json?["model_id"]?.string == source.id else {
      throw .otherArtefact(recorded: json?["model_id"]?.string ?? "none", found: source.id)
    }
    return source
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
