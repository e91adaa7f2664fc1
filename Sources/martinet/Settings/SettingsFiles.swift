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
    guard let first = named.first else { return [] }
    let layers = try ConfigurationLayers.files(
      base: first, environment: try invocation[environment])
    return layers + named.dropFirst()
  }

  /// The settings of the files, then of `--set`, then of `flags` that stand for a setting.
  static func load(
    for invocation: Invocation, flags: [String] = []
  ) throws -> Loaded<RunSettings> {
    try Configuration<RunSettings>.load(
      files: try names(for: invocation), sets: invocation.assignments + flags)
  }
}
