import Runtime

/// What can be wrong with a journal.
public enum JournalError: DiagnosedError, Equatable {
  /// The bytes at `offset` of the record are none of `what`.
  case malformed(what: String, offset: Int)
  /// A record whose bytes are whole, but which this program does not understand.
  case unreadable(record: UInt64, what: String)
  case file(FileError)
  /// Another process writes to the journal in this folder.
  case inUse(String)
  /// What was on the disk once is not there any more.
  case damaged(segment: String, offset: Int, finding: String)
  case newerVersion(segment: String, found: UInt32, known: UInt32)
  /// A segment of another journal.
  case foreign(segment: String)
  case missing(segment: String)
  /// The newest snapshot is of a record that the journal does not reach.
  case endsEarly(place: String, next: UInt64, snapshot: UInt64)
  case tooLarge(bytes: Int, bytesMax: Int)
  /// A sync failed: what the disk has is unknown until the journal is opened again.
  case stopped(String)
  case empty(String)

  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let what, let offset):
      refusal(
        "journal record, byte \(offset)", "no \(what)",
        "look at it with: martinet journal verify")
    case .unreadable(let record, let what):
      refusal(
        "journal record \(record)", "its bytes are whole, but there is no \(what)",
        "was it written by a newer martinet? open it with that one")
    case .file(let error): error.diagnosis
    case .inUse(let folder):
      refusal(
        folder, "another process writes to this journal",
        "stop it first, or give this run a folder of its own")
    case .damaged(let segment, let offset, let finding):
      refusal(
        "\(segment), byte \(offset)", finding,
        "records that were safe are lost from there on: restore the file from a copy, and check the disk"
      )
    case .newerVersion(let segment, let found, let known):
      refusal(
        segment, "it has format \(found), and this program knows formats up to \(known)",
        "open it with the martinet that wrote it, or a newer one")
    case .foreign(let segment):
      refusal(
        segment, "it belongs to another journal", "move it out of the folder to where it came from")
    case .missing(let segment):
      refusal(
        segment, "the journal goes on after it, but it is not there", "restore it from a copy")
    case .endsEarly(let place, let next, let snapshot):
      refusal(
        place, "there is a snapshot of record \(snapshot), but records end before \(next)",
        "records that were safe are lost: restore the last segment from a copy")
    case .tooLarge(let bytes, let bytesMax):
      refusal("journal record", "\(bytes) bytes, of at most \(bytesMax)", "make it smaller")
    case .stopped(let reason):
      refusal(
        "journal", "a sync failed before, so nothing more is taken: \(reason)",
        "check the disk, then start again: the journal is read anew")
    case .empty(let folder):
      Diagnosis(
        place: folder, finding: "there is no journal here",
        remedy: "name the folder of a run, or its journal folder", exitCode: .wrongUsage)
    }
  }

  private func refusal(_ place: String, _ finding: String, _ remedy: String) -> Diagnosis {
    Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: .refused)
  }
}
