import Foundation
import Market
import Runtime

/// Which files a store has taken in already, by the hash of their bytes, so that an import that was
/// cut short goes on where it stopped.
///
/// Lines of tab-separated text beside the store. A line too many or too few does no harm: a file is
/// passed over only where the store still has its series, and imported again it changes nothing.
struct ImportReceipts {
  private let path: String
  private var known: [String: Receipt] = [:]

  /// What a file brought.
  struct Receipt: Equatable {
    var kind: String
    var rows: Int
    var source: String
    var interval: String
    var symbols: [String]
    var first: Int64
    var last: Int64
  }

  init(path: String) {
    self.path = path
    guard let bytes = FileManager.default.contents(atPath: path) else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 8, let rows = Int(fields[2]), let first = Int64(fields[6]),
        let last = Int64(fields[7])
      else { continue }
      known[fields[0]] = Receipt(
        kind: fields[1], rows: rows, source: fields[3], interval: fields[4],
        symbols: fields[5].split(separator: " ").map(String.init), first: first, last: last)
    }
  }

  subscript(_ digest: String) -> Receipt? { known[digest] }

  /// Keeps a receipt; a file of receipts that cannot be written costs only time.
  mutating func add(_ receipt: Receipt, for digest: String) {
    known[digest] = receipt
    let line =
      [
        digest, receipt.kind, String(receipt.rows), receipt.source, receipt.interval,
        receipt.symbols.joined(separator: " "), String(receipt.first), String(receipt.last),
      ].joined(separator: "\t") + "\n"
    guard let file = fopen(path, "ae") else { return }
    defer { fclose(file) }
    _ = line.utf8CString.withUnsafeBufferPointer { fwrite($0.baseAddress, 1, $0.count - 1, file) }
  }

  /// Where the receipts of a store lie.
  static func path(of store: StoreAddress) -> String {
    switch store.kind {
    case .sqlite: return store.location + ".imports"
    case .lake: return store.location + "/_imports"
    case .postgres:
      let environment = ProcessInfo.processInfo.environment
      let state =
        environment["XDG_STATE_HOME"] ?? (environment["HOME"] ?? ".") + "/.local/state"
      let folder = state + "/martinet/imports"
      // Where it cannot be made, nothing is kept and every file is read again.
      _ = try? FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      return folder + "/" + SHA256.hash(store.description).description.prefix(16)
    }
  }
}
