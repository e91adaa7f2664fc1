import Market
import Runtime

/// What can go wrong with a store of bars.
public enum StoreError: DiagnosedError, Equatable {
  case badAddress(text: String)
  /// It cannot be opened or reached; `reason` is the library's or the system's own word.
  case unreachable(store: String, reason: String)
  case failed(store: String, doing: String, reason: String)
  /// Written by a newer version of this program.
  case newerSchema(store: String, found: Int, known: Int)
  case unknownSeries(store: String, wanted: String, nearest: String?)
  case declaredOtherwise(series: String, what: String, stored: String, given: String)
  case damaged(store: String, finding: String)
  /// Something is there, and it is not a store of this program.
  case foreign(store: String, finding: String)
  case locked(store: String)
  case diskFull(store: String)
  /// Bars are stored as they came, and these cannot be a frame.
  case disorder(store: String, FrameError)

  public var diagnosis: Diagnosis {
    switch self {
    case .badAddress(let text):
      Diagnosis(
        place: "store \(Excerpt.quoted(text, longest: 60))", finding: "is no address of a store",
        remedy: "write sqlite:FILE, lake:FOLDER or postgres://USER@HOST/DATABASE",
        exitCode: .wrongUsage)
    case .unreachable(let store, let reason):
      Diagnosis(
        place: store, finding: "cannot be opened: \(reason)",
        remedy: "check the address, that the server runs and that you may use it")
    case .failed(let store, let doing, let reason):
      Diagnosis(
        place: store, finding: "\(doing) failed: \(reason)",
        remedy: "nothing of that step was stored; mend the cause and run it again")
    case .newerSchema(let store, let found, let known):
      Diagnosis(
        place: store,
        finding: "has schema \(found), and this program knows schemas up to \(known)",
        remedy: "use the newer program that wrote it")
    case .unknownSeries(let store, let wanted, let nearest):
      Diagnosis(
        place: store, finding: "has no bars of \(wanted)",
        remedy: nearest.map { "did you mean \($0)?" } ?? "see what it has: martinet data list",
        exitCode: .wrongUsage)
    case .declaredOtherwise(let series, let what, let stored, let given):
      Diagnosis(
        place: series, finding: "is stored with \(what) \(stored), not \(given)",
        remedy: "give these bars a name of their own with --source NAME", exitCode: .wrongUsage)
    case .damaged(let store, let finding):
      Diagnosis(
        place: store, finding: finding, remedy: "restore it from a copy, or import it again")
    case .foreign(let store, let finding):
      Diagnosis(
        place: store, finding: "is not a store of this program: \(finding)",
        remedy: "name another file or folder; this one is left as it is", exitCode: .wrongUsage)
    case .locked(let store):
      Diagnosis(
        place: store, finding: "another process has been writing to it all the time",
        remedy: "nothing of that step was stored; run it again when the other is done")
    case .diskFull(let store):
      Diagnosis(
        place: store, finding: "the disk is full or the quota used up",
        remedy: "nothing of that step was stored; free some space (df -h) and run it again")
    case .disorder(let store, let error):
      Diagnosis(
        place: "\(store): \(error.diagnosis.place)", finding: error.diagnosis.finding,
        remedy: "see what is wrong with its bars: martinet data check --from \(store)")
    }
  }
}
