import Glibc
import Learning
import Runtime

/// Flags and names that the verbs of models share.
enum LearningFlags {
  static let runs: Flag<String> = .value(
    "runs", .text, metavariable: "FOLDER", default: RunStore.standard,
    help: "The folder of training runs.")
  static let production: Flag<String> = .value(
    "production", .text, metavariable: "FOLDER", default: ProductionRegistry.standard,
    help: "The folder of models that may trade.")

  /// Where a model lies that is named by a folder, a version in production or a run, in the folders of
  /// their own.
  static func modelFolder(_ name: String) throws -> String {
    if access("\(name)/\(Artefact.cardName)", R_OK) == 0 { return name }
    do { return try ProductionRegistry().version(name).modelFolder } catch ProductionError.unknown {
      return try RunStore().run(name).modelFolder
    }
  }

  /// A trained model by the name of a run, of a version in production, or by its folder.
  static func artefact(_ name: String, _ invocation: Invocation) throws -> Artefact {
    if access("\(name)/\(Artefact.cardName)", R_OK) == 0 { return try Artefact.open(name) }
    let production = ProductionRegistry(path: try invocation[Self.production])
    do { return try Artefact.open(production.version(name).modelFolder) } catch ProductionError
      .unknown
    {
      let store = RunStore(path: try invocation[runs])
      do { return try Artefact.open(store.run(name).modelFolder) } catch RunError.unknown {
        throw UnknownArtefact(
          name: name, kinds: try ModelRegistry.standard().kinds.map(\.name),
          others: try production.versions().map(\.name) + store.runs().map(\.name))
      }
    }
  }
}

/// A name that no model has.
struct UnknownArtefact: DiagnosedError {
  let name: String
  let kinds, others: [String]

  var diagnosis: Diagnosis {
    guard !kinds.contains(name) else {
      return Diagnosis(
        place: name, finding: "no model of this kind is in production",
        remedy: "put one there: martinet models promote RUN", exitCode: .wrongUsage)
    }
    return Diagnosis(
      place: Excerpt.quoted(name),
      finding: "no kind of model, version in production or run is so called",
      remedy: Words.nearest(to: name, among: kinds + others).map { "did you mean \($0)?" }
        ?? "see them: martinet models list, martinet runs list", exitCode: .wrongUsage)
  }
}

extension ModelKind {
  /// The kind with what its file says, then files and assignments of the command line.
  func configured(files: [String] = [], sets: [String] = []) throws -> ConfiguredModel {
    var sources: [ConfigurationSource] = []
    if let own = Installation.path(of: "config/models/\(name).yaml") {
      sources.append(try ConfigurationSource(file: own))
    }
    for file in files { sources.append(try ConfigurationSource(file: file)) }
    return try configured(sources, sets: sets)
  }
}
