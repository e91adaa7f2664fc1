import Foundation
import Market
import Runtime
import Trading

/// What trading does over and over.
enum TradingRows {
  static let all: [Row] = [journalCommits]

  /// A journal that makes each record safe by itself, against bare system calls on the same disk.
  private static let journalCommits = Row(
    bench: "backtest", name: "journal_commits",
    figure: .rate(unit: "syncs/s", perItem: 1), target: .ratio(0.9),
    peer: PeerCase(name: "raw fdatasync loop", group: "numerics", script: "journal.py"),
    agreement: Agreement(
      measure: .absolute, tolerance: 0, text: "records on the disk after a run, one a sync"),
    limit: .syncs, usesBLAS: false
  ) { size in
    let commits = size == .full ? 100 : 3
    let count = Input(name: "commits", format: .float64, shape: [1]) { _, _ in [Double(commits)] }
    // Beside the other inputs, so that both sides and the limit use one disk.
    let folder = Input(name: "journal", ending: "folder") { path in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    return Work(size: "\(commits) commits", items: Double(commits), inputs: [count, folder]) {
      files in
      let path = "\(files[1].path)/\(UUID().uuidString)"
      let kept = ScratchFolder(path: path)
      let journal = try Journal(try FolderDisk(path), identity: 1)
      let record = JournalRecord.operated(
        act: "resume", by: "bench", reason: String(repeating: "because ", count: 20),
        at: Timestamp(seconds: 1))
      var start = journal.next
      return Prepared(
        run: {
          start = journal.next
          for _ in 0..<commits {
            try journal.append(record)
            try journal.commit()
          }
        },
        output: {
          _ = kept
          var count = 0.0
          _ = try JournalReader(FolderDisk(reading: path)).read(from: start) { _ in count += 1 }
          return [count]
        })
    }
  }
}

/// A folder that is gone when nobody needs it any more.
private final class ScratchFolder {
  private let path: String

  init(path: String) { self.path = path }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      FileHandle.standardError.write(Data("bench: \(path) stays: \(error)\n".utf8))
    }
  }
}
