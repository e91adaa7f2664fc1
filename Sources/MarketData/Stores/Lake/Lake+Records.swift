import Glibc
import Market
import Runtime

// Corporate actions and imports: one file of lines each, replaced whole.
extension Lake {
  private var actionsPath: String { root + "/actions.csv" }
  private var importsPath: String { root + "/imports.csv" }
  private static let actionsTitle =
    "symbol,source,date,kind,target,ordinal,recorded_at,known_at,amount"
  private static let importsTitle = "sha256,path,row_count,recorded_at"

  func write(
    _ actions: [CorporateAction], source: String, recordedAt: Timestamp
  ) throws(StoreError) {
    try use(doing: "writing corporate actions") {
      let lock = try LakeLock(folder: root, isShared: false)
      try withExtendedLifetime(lock) {
        let known = try recorded()
        try keep(
          known, and: known.additions(of: actions, source: source, recordedAt: recordedAt))
      }
    }
  }

  func adopt(_ actions: [RecordedAction]) throws(StoreError) {
    try use(doing: "taking over corporate actions") {
      let lock = try LakeLock(folder: root, isShared: false)
      try withExtendedLifetime(lock) {
        let known = try recorded()
        let present = Set(known)
        try keep(known, and: actions.filter { !present.contains($0) })
      }
    }
  }

  private func keep(_ known: [RecordedAction], and added: [RecordedAction]) throws {
    if added.isEmpty { return }
    let all = (known + added).sorted { $0.order < $1.order }
    let lines = [Self.actionsTitle] + all.map(\.line)
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: actionsPath)
  }

  func recordedActions(of symbol: Symbol?) throws(StoreError) -> [RecordedAction] {
    try use(doing: "reading corporate actions") {
      try recorded().filter { symbol == nil || $0.action.symbol == symbol }
    }
  }

  private func recorded() throws -> [RecordedAction] {
    try lines(of: actionsPath, title: Self.actionsTitle).map { line in
      guard let one = RecordedAction(line: line) else {
        throw StrangeRow(finding: "\(actionsPath) has a line that is no action: \(line)")
      }
      return one
    }
  }

  func importRecord(hash: String) throws(StoreError) -> ImportRecord? {
    try use(doing: "looking up an import") {
      try imports().last { $0.hash == hash }
    }
  }

  func remember(_ record: ImportRecord) throws(StoreError) {
    try use(doing: "remembering an import") {
      let lock = try LakeLock(folder: root, isShared: false)
      try withExtendedLifetime(lock) {
        let known = try imports()
        if known.contains(where: { $0.hash == record.hash }) { return }
        let lines = [Self.importsTitle] + (known + [record]).map(\.line)
        try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: importsPath)
      }
    }
  }

  private func imports() throws -> [ImportRecord] {
    try lines(of: importsPath, title: Self.importsTitle).map { line in
      guard let record = ImportRecord(line: line) else {
        throw StrangeRow(finding: "\(importsPath) has a line that is no import: \(line)")
      }
      return record
    }
  }

  /// The lines below the title; none where there is no file yet.
  private func lines(of path: String, title: String) throws -> [Substring] {
    guard access(path, F_OK) == 0 else { return [] }
    let text = String(decoding: try SmallFile.read(path, bytesMax: 1 << 30), as: UTF8.self)
    var lines = text.split(separator: "\n")[...]
    guard lines.popFirst() == title[...] else {
      throw StrangeRow(finding: "\(path) is not what this program writes")
    }
    return Array(lines)
  }
}

extension RecordedAction {
  fileprivate var order: (Symbol, String, String, String, Int, Int64) {
    (
      action.symbol, source, action.date.description, action.kind.word, ordinal,
      recordedAt.nanoseconds
    )
  }

  fileprivate var line: String {
    let words: [String] = [
      action.symbol.text, LakePath.escaped(source), action.date.description, action.kind.word,
      action.kind.target?.text ?? "", String(ordinal), String(recordedAt.nanoseconds),
      String(action.knownAt.nanoseconds), action.kind.amount?.description ?? "",
    ]
    return words.joined(separator: ",")
  }

  fileprivate init?(line: Substring) {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 9, let symbol = Symbol(fields[0]),
      let source = LakePath.unescaped(fields[1]), let date = try? CivilDate(parsing: fields[2]),
      let kind = CorporateAction.Kind(
        word: fields[3], amount: Double(fields[8]), target: fields[4]),
      let ordinal = Int(fields[5]), let recordedAt = Int64(fields[6]),
      let knownAt = Int64(fields[7])
    else { return nil }
    self.init(
      action: CorporateAction(
        symbol: symbol, date: date, knownAt: Timestamp(nanoseconds: knownAt), kind: kind),
      source: source, ordinal: ordinal, recordedAt: Timestamp(nanoseconds: recordedAt))
  }
}

extension ImportRecord {
  fileprivate var line: String {
    "\(hash),\(LakePath.escaped(path)),\(rowCount),\(recordedAt.nanoseconds)"
  }

  fileprivate init?(line: Substring) {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 4, let path = LakePath.unescaped(fields[1]),
      let rowCount = Int(fields[2]), let recordedAt = Int64(fields[3])
    else { return nil }
    self.init(
      hash: fields[0], path: path, rowCount: rowCount,
      recordedAt: Timestamp(nanoseconds: recordedAt))
  }
}
