import Runtime

/// What can be wrong with a safetensors file, or with its fit to a model.
package enum CheckpointError: DiagnosedError, Equatable {
  case file(FileError)
  /// The file is no safetensors file, or a damaged or hostile one.
  case malformed(path: String, finding: String)
  /// A format of numbers that is not read.
  case format(path: String, tensor: String, String)
  /// The model's parameters and the file's tensors are not the same.
  case mismatch(path: String, missing: [String], surplus: [String], shapes: [String])

  package var diagnosis: Diagnosis {
    switch self {
    case .file(let error): error.diagnosis
    case .malformed(let path, let finding):
      Diagnosis(
        place: path, finding: finding,
        remedy: "is it a whole safetensors file? Fetch or write it again", exitCode: .refused)
    case .format(let path, let tensor, let format):
      Diagnosis(
        place: path,
        finding:
          "\(Excerpt.quoted(tensor)) holds \(Excerpt.quoted(format)), which is not read here",
        remedy: "convert it to F32, F16 or BF16", exitCode: .refused)
    case .mismatch(let path, let missing, let surplus, let shapes):
      Diagnosis(
        place: path,
        finding: [
          Self.list("missing", missing), Self.list("not in the model", surplus),
          Self.list("of another shape", shapes),
        ].compactMap(\.self).joined(separator: "; "),
        remedy: "make the model with the settings the file was written with", exitCode: .refused)
    }
  }

  private static func list(_ title: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(4).map { Excerpt.bare($0, longest: 100) }.joined(separator: ", ")
    return "\(title): \(shown)" + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }
}
