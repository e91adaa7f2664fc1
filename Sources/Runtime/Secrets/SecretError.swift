/// Why a secret could not be loaded. No case carries any part of one.
public enum SecretError: DiagnosedError, Equatable {
  case notSet(variable: String)
  case empty(place: String)
  case openToOthers(path: String, mode: UInt32)
  case notYours(path: String)
  case notText(path: String)
  case unreadable(FileError)

  public var diagnosis: Diagnosis {
    switch self {
    case .notSet(let variable):
      Diagnosis(
        place: "env:\(variable)", finding: "the environment variable is not set",
        remedy: "set it before starting, or keep the secret in a file: file:PATH")
    case .empty(let place):
      Diagnosis(place: place, finding: "the secret is empty", remedy: "put the secret there")
    case .openToOthers(let path, let mode):
      Diagnosis(
        place: path,
        finding: "others may read this secret (mode 0\(String(mode, radix: 8)), 0600 was expected)",
        remedy: "chmod 600 \(path)", exitCode: .refused)
    case .notYours(let path):
      Diagnosis(
        place: path, finding: "the file belongs to another user",
        remedy: "copy it to a file of your own, then: chmod 600 FILE", exitCode: .refused)
    case .notText(let path):
      Diagnosis(
        place: path, finding: "the secret is not UTF-8 text", remedy: "save it as plain text")
    case .unreadable(let error): error.diagnosis
    }
  }
}
