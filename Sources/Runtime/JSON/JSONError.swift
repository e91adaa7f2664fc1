/// What is wrong with a text that should be JSON. Lines and columns are counted from 1, columns in
/// characters.
public enum JSONError: DiagnosedError, Equatable {
  /// `expected` completes "… was expected".
  case malformed(source: String, line: Int, column: Int, expected: String)
  case tooDeep(source: String, line: Int, column: Int, levelsMax: Int)
  case repeatedKey(source: String, line: Int, column: Int, key: String)

  public var diagnosis: Diagnosis {
    switch self {
    case .malformed(let source, let line, let column, let expected):
      Diagnosis(
        place: "\(source):\(line):\(column)", finding: "\(expected) was expected here",
        remedy: "the text is no JSON, or was cut off: get it again")
    case .tooDeep(let source, let line, let column, let levelsMax):
      Diagnosis(
        place: "\(source):\(line):\(column)",
        finding: "more than \(levelsMax) levels lie in each other",
        remedy: "no answer we know of is like that: get it again")
    case .repeatedKey(let source, let line, let column, let key):
      Diagnosis(
        place: "\(source):\(line):\(column)",
        finding: "the key \(Excerpt.quoted(key)) is here twice",
        remedy: "one of the two must go; which one is meant cannot be told")
    }
  }
}
