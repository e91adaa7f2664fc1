import Learning
import Runtime
import Testing

@Suite("The registry of models")
struct RegistryTests {
  @Test("kinds whose files are part of the program are there without a list")
  func announced() throws {
    let names = try ModelRegistry.standard().kinds.map(\.name)
    for name in ["naive", "lstm", "gru", "transformer", "nearest_mean"] {
      #expect(names.contains(name), "\(name)")
    }
    #expect(names == names.sorted())
  }

  @Test("a second kind of one name is refused")
  func duplicate() throws {
    var registry = ModelRegistry()
    try registry.register(NearestMean.self)
    #expect(throws: RegistrationError.duplicate("nearest_mean")) {
      try registry.register(NearestMean.self)
    }
    #expect(registry.kinds.count == 1)
  }

  @Test("what is wrong with a kind is found when it is registered")
  func wrongKinds() throws {
    func refusal<M: Model>(_ type: M.Type) -> RegistrationError? {
      var registry = ModelRegistry()
      do throws(RegistrationError) { try registry.register(type) } catch { return error }
      return nil
    }
    #expect(refusal(Odd<BadName>.self) == .name("Bad-Name"))
    #expect(refusal(Odd<NoTarget>.self).map { "\($0)" }?.contains("something it learns") == true)
    #expect(refusal(Odd<Promises>.self).map { "\($0)" }?.contains("importance") == true)
    #expect(refusal(Odd<LooksBack>.self).map { "\($0)" }?.contains("sequences") == true)
    #expect(refusal(Odd<BadDefault>.self).map { "\($0)" }?.contains("out of range") == true)
    #expect(refusal(Odd<Contradicts>.self).map { "\($0)" }?.contains("contradict") == true)
    #expect(refusal(Odd<BadSearch>.self).map { "\($0)" }?.contains("depht") == true)
    #expect(refusal(Odd<WideSearch>.self).map { "\($0)" }?.contains("out of range") == true)
    #expect(refusal(Odd<Sound>.self) == nil)
  }

  @Test("an unknown model and an unknown hyper-parameter name the nearest")
  func nearest() throws {
    let registry = try ModelRegistry.standard()
    do {
      _ = try registry.kind("lstn")
      Issue.record("it was found")
    } catch { #expect(error.diagnosis.remedy.contains("lstm")) }
    for (set, meant) in [("hiden=3", "hidden"), ("training.epocs=3", "epochs")] {
      do {
        _ = try registry.kind("lstm").configured([], sets: [set])
        Issue.record("\(set) was taken")
      } catch {
        #expect((error as? any DiagnosedError)?.diagnosis.remedy.contains(meant) == true)
      }
    }
  }

  @Test("settings that a kind gave are read back as they were")
  func settings() throws {
    for kind in try ModelRegistry.standard().kinds {
      let first = try kind.configured([], sets: [])
      #expect(try kind.configured(settings: first.settings).settings == first.settings)
    }
  }
}

// Kinds with one mistake each.
protocol Flaw: Sendable {
  associatedtype Settings: Configured
  static var card: ModelCard { get }
  static var search: SearchSpace { get }
  static var steps: Int { get }
}

extension Flaw {
  static var card: ModelCard { ModelCard("odd", family: .linear, "Odd") }
  static var search: SearchSpace { SearchSpace([]) }
  static var steps: Int { 1 }
}

struct DepthSettings: Configured {
  var depth = 3
  static let schema = Schema<Self>("Depth") { Field("depth", \.depth, in: 1...8, "How deep") }
}

enum Sound: Flaw { typealias Settings = DepthSettings }
enum BadName: Flaw {
  typealias Settings = DepthSettings
  static var card: ModelCard { ModelCard("Bad-Name", family: .linear, "Odd") }
}
enum NoTarget: Flaw {
  typealias Settings = DepthSettings
  static var card: ModelCard { ModelCard("odd", family: .linear, "Odd", abilities: [.quantiles]) }
}
enum Promises: Flaw {
  typealias Settings = DepthSettings
  static var card: ModelCard {
    ModelCard("odd", family: .linear, "Odd", abilities: [.classes, .importance])
  }
}
enum LooksBack: Flaw {
  typealias Settings = DepthSettings
  static var steps: Int { 60 }
}
enum BadDefault: Flaw {
  struct Settings: Configured {
    var depth = 9
    static let schema = Schema<Self>("Depth") { Field("depth", \.depth, in: 1...8, "How deep") }
  }
}
enum Contradicts: Flaw {
  struct Settings: Configured {
    static let schema = Schema<Self>("Nothing") {}
    var inconsistency: Inconsistency? {
      Inconsistency(at: "depth", finding: "they contradict each other", remedy: "choose")
    }
  }
}
enum BadSearch: Flaw {
  typealias Settings = DepthSettings
  static var search: SearchSpace { SearchSpace([.whole("depht", 1...8)]) }
}
enum WideSearch: Flaw {
  typealias Settings = DepthSettings
  static var search: SearchSpace { SearchSpace([.whole("depth", 1...9)]) }
}

struct Odd<F: Flaw>: Model {
  typealias Settings = F.Settings
  static var card: ModelCard { F.card }
  static var searchSpace: SearchSpace { F.search }
  static func steps(_ settings: Settings) -> Int { F.steps }
  static func fit(_ settings: Settings, to lesson: Lesson, in session: FitSession) throws -> Self {
    Self()
  }
  func predict(_ samples: Windows) throws -> PredictionOutput { PredictionOutput(samples) }
  func save(to folder: String) throws {}
  static func load(from folder: String) throws -> Self { Self() }
}
