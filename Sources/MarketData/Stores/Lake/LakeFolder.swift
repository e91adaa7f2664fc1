import Glibc
import Runtime

/// A folder of a lake whose files change together or not at all, however the process ends.
///
/// New files are written under `_staged` and synced. Then `_journal` is written, which names every
/// move: from that moment the change counts. Moves are done next; whoever finds a journal later does
/// those that are left. Readers share the lock, a writer has it alone.
struct LakeFolder {
  let path: String

  var staging: String { path + "/_staged" }
  private var journal: String { path + "/_journal" }

  /// A move from a staged file to its place, both seen from the lake's root.
  struct Move {
    var from: String
    var to: String
  }

  /// Runs `body` while nobody changes the folder.
  func reading<Result>(root: String, _ body: () throws -> Result) throws -> Result {
    while true {
      let lock = try LakeLock(folder: path, isShared: true)
      if access(journal, F_OK) != 0 {
        return try withExtendedLifetime(lock) { try body() }
      }
      lock.release()
      // Somebody was interrupted: finish what he began.
      try writing(root: root) {}
    }
  }

  /// Runs `body` with the folder for itself, and after an interrupted change was finished.
  func writing<Result>(root: String, _ body: () throws -> Result) throws -> Result {
    let lock = try LakeLock(folder: path, isShared: false)
    return try withExtendedLifetime(lock) {
      if access(journal, F_OK) == 0 { try finish(root: root) }
      return try body()
    }
  }

  /// Makes staged files count. Only inside `writing`; the files are synced.
  func commit(_ moves: [Move], root: String) throws {
    try Folder.synchronize(staging)
    let text = moves.map { "\($0.from)\t\($0.to)\n" }.joined() + "end\n"
    try AtomicFile.write(text, to: journal)
    try finish(root: root)
  }

  private func finish(root: String) throws {
    let text = String(decoding: try SmallFile.read(journal, bytesMax: 1 << 26), as: UTF8.self)
    var lines = text.split(separator: "\n")
    guard lines.popLast() == "end" else {
      throw StrangeRow(finding: "the journal \(journal) is not whole")
    }
    var folders: Set<String> = [path]
    for line in lines {
      let names = line.split(separator: "\t").map { root + "/" + $0 }
      guard names.count == 2 else {
        throw StrangeRow(finding: "the journal \(journal) has a line that is no move")
      }
      // What is not there any more was moved before the interruption.
      if rename(names[0], names[1]) != 0, errno != ENOENT {
        throw Files.failure(names[1])
      }
      folders.insert(String(names[1][..<(names[1].lastIndex(of: "/") ?? names[1].endIndex)]))
    }
    for folder in folders { try Folder.synchronize(folder) }
    guard unlink(journal) == 0 else { throw Files.failure(journal) }
    try Folder.synchronize(path)
  }
}

/// The lock of a folder, for as long as the value lives; the system lets go of it when a process
/// ends, however it ends.
final class LakeLock {
  private var descriptor: Int32

  init(folder: String, isShared: Bool) throws {
    let path = folder + "/_lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    // A lake on a disk that is only read has no writers.
    if descriptor < 0, isShared, errno == EROFS || errno == EACCES { return }
    guard descriptor >= 0 else { throw Files.failure(path) }
    while flock(descriptor, isShared ? LOCK_SH : LOCK_EX) != 0 {
      guard errno == EINTR else { throw Files.failure(path) }
    }
  }

  func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  deinit { release() }
}
