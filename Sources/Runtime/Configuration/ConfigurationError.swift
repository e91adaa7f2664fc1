/// Why a configuration was refused. `place` is `file:line:column` or `--set key`.
public enum ConfigurationError: DiagnosedError, Equatable {
  case unreadable(FileError)
  case malformed(YAMLError)
  case unknownKey(place: String, key: String, nearest: String?, known: [String])
  /// Also a value out of its range.
  case wrongValue(place: String, key: String, finding: String, remedy: String)
  case missingKey(place: String, key: String)
  case malformedSet(text: String)
  case unknownEnvironment(name: String, folder: String, nearest: String?, known: [String])

  public var diagnosis: Diagnosis {
    switch self {
    case .unreadable(let error): return error.diagnosis
    case .malformed(let error): return error.diagnosis
    case .unknownKey(let place, let key, let nearest, let known):
      return Diagnosis(
        place: place, finding: "the key \(Excerpt.quoted(key)) is not known",
        remedy: Self.remedy(nearest, known, "the keys here are"), exitCode: .wrongUsage)
    case .wrongValue(let place, let key, let finding, let remedy):
      let named = key.isEmpty ? finding : "\(key): \(finding)"
      return Diagnosis(place: place, finding: named, remedy: remedy, exitCode: .wrongUsage)
    case .missingKey(let place, let key):
      return Diagnosis(
        place: place, finding: "the key \"\(key)\" is missing and has no default",
        remedy: "add it to the file, or give it with --set \(key)=VALUE", exitCode: .wrongUsage)
    case .malformedSet(let text):
      return Diagnosis(
        place: "--set \(Excerpt.quoted(text))", finding: "KEY=VALUE was expected",
        remedy: "write it as --set costs.fee=0.5", exitCode: .wrongUsage)
    case .unknownEnvironment(let name, let folder, let nearest, let known):
      return Diagnosis(
        place: "--env \(Excerpt.quoted(name))",
        finding: "there is no file of that name with .yaml in \(folder)",
        remedy: Self.remedy(nearest, known, "environments here are"), exitCode: .wrongUsage)
    }
  }

  private static func remedy(_ nearest: String?, _ known: [String], _ intro: String) -> String {
    if let nearest { return "did you mean \(nearest)?" }
    guard !known.isEmpty else { return "remove it" }
    let shown = known.prefix(12).joined(separator: ", ")
    return "\(intro): \(shown)" + (known.count > 12 ? ", …" : "")
  }
}
