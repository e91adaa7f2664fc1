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

  /// A trained model by the name of a run, of a version in production, or by its folder.
  static func artefact(_ name: String, _ invocation: Invocation) throws -> Artefact {
    if access("\(name)/\(Artefact.cardName)", R_OK) == 0 { return try Artefact.open(name) }
    let production = ProductionRegistry(path: try invocation[Self.production])
    do { return try Artefact.open(production.version(name).modelFolder) } catch ProductionError
      .unknown
    {
      return try Artefact.open(RunStore(path: try invocation[runs]).run(name).modelFolder)
    }
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
