/// Why a text is not a YAML document this program reads.
public enum YAMLError: DiagnosedError, Equatable {
  /// The library's own message.
  case malformed(file: String, mark: YAMLMark, message: String)
  case tab(file: String, mark: YAMLMark)
  case notUTF8(file: String, mark: YAMLMark)
  case duplicateKey(file: String, mark: YAMLMark, key: String, first: YAMLMark)
  case keyIsNotText(file: String, mark: YAMLMark)
  case tag(file: String, mark: YAMLMark)
  case unknownAnchor(file: String, mark: YAMLMark, name: String)
  case secondDocument(file: String, mark: YAMLMark)
  case tooLarge(file: String, bytesMax: Int)
  case tooDeep(file: String, mark: YAMLMark, levelsMax: Int)
  /// Counted after aliases have been put in place.
  case tooManyNodes(file: String, mark: YAMLMark, nodesMax: Int)

  public var diagnosis: Diagnosis {
    let (finding, remedy) = words
    return Diagnosis(place: place, finding: finding, remedy: remedy, exitCode: .wrongUsage)
  }

  private var place: String {
    switch self {
    case .malformed(let file, let mark, _), .tab(let file, let mark), .notUTF8(let file, let mark),
      .duplicateKey(let file, let mark, _, _), .keyIsNotText(let file, let mark),
      .tag(let file, let mark), .unknownAnchor(let file, let mark, _),
      .secondDocument(let file, let mark), .tooDeep(let file, let mark, _),
      .tooManyNodes(let file, let mark, _):
      "\(file):\(mark.line):\(mark.column)"
    case .tooLarge(let file, _): file
    }
  }

  private var words: (finding: String, remedy: String) {
    switch self {
    case .malformed(_, _, let message):
      ("this is not YAML: \(message)", "look for a missing quotation mark, bracket or indent")
    case .tab: ("the line is indented with a tab", "indent with spaces: YAML allows no tabs there")
    case .notUTF8:
      ("a byte or character is not allowed in YAML text", "save the file as plain UTF-8 text")
    case .duplicateKey(_, _, let key, let first):
      (
        "the key \(Excerpt.quoted(key)) stands twice, first in line \(first.line)",
        "remove one of the two"
      )
    case .keyIsNotText: ("a key that is not a word", "write keys as plain words, as in key: value")
    case .tag: ("a tag such as !!str or !name", "remove the tag: types come from the schema")
    case .unknownAnchor(_, _, let name):
      (
        "the alias *\(Excerpt.quoted(name)) has no finished anchor before it",
        "define it first with &name, or write the value out"
      )
    case .secondDocument:
      ("a second document begins here", "keep one document in a file: remove the --- line")
    case .tooLarge(_, let bytesMax):
      (
        "the file is larger than \(bytesMax) bytes",
        "is it a configuration? Data belongs in CSV or Parquet files"
      )
    case .tooDeep(_, _, let levelsMax):
      ("nested more than \(levelsMax) levels deep", "flatten it, or remove the alias")
    case .tooManyNodes(_, _, let nodesMax):
      (
        "more than \(nodesMax) values, those repeated by aliases counted each time",
        "shorten it, or replace aliases by what they mean"
      )
    }
  }
}
