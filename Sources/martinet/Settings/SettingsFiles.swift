import Features
import Glibc
import Runtime

/// Which settings a verb runs with.
enum SettingsFiles {
  /// Read where no file is named: what `martinet init` made.
  static let standard = "config/base.yaml"

  static let environment: Flag<String?> = .optional(
    "env", .text, metavariable: "NAME",
    help: "Read NAME.yaml beside the first settings file, over it.")

  /// The files in the order they are read: those of `--config`, or the standard one where it is.
  static func names(for invocation: Invocation) throws -> [String] {
    var named = invocation.configFiles
    if named.isEmpty, access(standard, F_OK) == 0 { named = [standard] }
    let name = try invocation[environment]
    guard let first = named.first else {
      if let name { throw SettingsError.environmentAlone(name: name) }
      return []
    }
    let layers = try ConfigurationLayers.files(base: first, environment: name)
    return layers + named.dropFirst()
  }

  /// The settings of the files, then of `--set`, then of `flags` that stand for a setting.
  static func load(
    for invocation: Invocation, flags: [String] = []
  ) throws -> Loaded<RunSettings> {
    let loaded = try Configuration<RunSettings>.load(
      files: try names(for: invocation), sets: invocation.assignments + flags)
    FeatureCache.shared.apply(loaded.value.featureCache)
    if let most = loaded.value.memoryLimit {
      let (console, asJSON) = (invocation.console, invocation.wantsJSON)
      MemoryCeiling.keep(most) { console.show($0, asJSON: asJSON) }
    }
    return loaded
  }
}

/// What is wrong with the choice of settings, rather than in them.
enum SettingsError: DiagnosedError {
  case environmentAlone(name: String)

  var diagnosis: Diagnosis {
    switch self {
    case .environmentAlone(let name):
      Diagnosis(
        place: "--env \(Excerpt.quoted(name))",
        finding: "there is no settings file that it could lie over",
        remedy: "name one with --config FILE, or make a folder of your own: martinet init",
        exitCode: .wrongUsage)
    }
  }
}
