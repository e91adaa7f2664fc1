import CModelEntries
import Runtime

/// The kinds of models there are, by name.
package struct ModelRegistry: Sendable {
  package private(set) var kinds: [ModelKind] = []

  package init() {}

  /// Adds a kind, or says what is wrong with it.
  package mutating func register<M: Model>(_ type: M.Type) throws(RegistrationError) {
    let kind = try ModelKind(type)
    guard !kinds.contains(where: { $0.name == kind.name }) else { throw .duplicate(kind.name) }
    kinds.append(kind)
    kinds.sort { $0.name < $1.name }
  }

  /// Every kind whose file is part of the program.
  package static func standard() throws(RegistrationError) -> ModelRegistry {
    var registry = ModelRegistry()
    for type in announced() { try registry.register(type) }
    return registry
  }

  package func kind(_ name: String) throws(UnknownModel) -> ModelKind {
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw UnknownModel(name: name, known: kinds.map(\.name))
    }
    return kind
  }

  private static func announced() -> [any Model.Type] {
    let list = AnnouncedModels()
    guard let start = martinet_models_start(), let stop = martinet_models_stop() else { return [] }
    let place = Unmanaged.passUnretained(list).toOpaque()
    for index in 0..<(stop - start) { start[index]?(place) }
    return list.types
  }
}

/// What a file puts where the registry finds it: see `Model`.
package typealias ModelEntry = @convention(c) (UnsafeMutableRawPointer?) -> Void

/// Says which kind an entry stands for.
package func announce(_ type: any Model.Type, _ list: UnsafeMutableRawPointer?) {
  guard let list else { return }
  Unmanaged<AnnouncedModels>.fromOpaque(list).takeUnretainedValue().types.append(type)
}

private final class AnnouncedModels {
  var types: [any Model.Type] = []
}

/// Why a kind of model cannot be registered: a mistake of whoever wrote it.
package enum RegistrationError: DiagnosedError, Equatable {
  case duplicate(String)
  case name(String)
  case missing(String, String)
  case defaults(String, String)
  case unstable(String)
  case search(String, key: String, String)

  package var diagnosis: Diagnosis {
    let (name, finding) =
      switch self {
      case .duplicate(let name): (name, "two kinds of models have this name")
      case .name(let name):
        (Excerpt.quoted(name), "this is no name of a model: small letters, digits and _")
      case .missing(let name, let what): (name, "the kind lacks \(what)")
      case .defaults(let name, let finding): (name, "its defaults are refused: \(finding)")
      case .unstable(let name): (name, "its defaults read back as others")
      case .search(let name, let key, let finding):
        (name, "its search space has \(Excerpt.quoted(key)), which is refused: \(finding)")
      }
    return Diagnosis(
      place: "model \(name)", finding: finding, remedy: "correct the file that declares the kind")
  }
}

package struct UnknownModel: DiagnosedError, Equatable {
  package let name: String
  let known: [String]

  package var diagnosis: Diagnosis {
    Diagnosis(
      place: "--model \(Excerpt.quoted(name))", finding: "there is no such kind of model",
      remedy: Words.nearest(to: name, among: known).map { "did you mean \($0)?" }
        ?? "there are: \(known.joined(separator: ", "))", exitCode: .wrongUsage)
  }
}
