/// Finds functions and their lengths in formatted code, where a body ends at the first closing brace
/// (or, in Python, the first statement) that is indented like its declaration.
struct FunctionLengths {
  struct Function: Equatable {
    let name: String
    let line: Int
    let length: Int
  }

  static func functions(in file: SourceTree.File) -> [Function] {
    file.lines.indices.compactMap { start in
      guard let name = declaredName(file.lines[start], suffix: file.suffix),
        let end = bodyEnd(file.lines, from: start, suffix: file.suffix)
      else { return nil }
      return Function(name: name, line: start + 1, length: end - start + 1)
    }
  }

  private static func declaredName(_ line: String, suffix: String) -> String? {
    switch suffix {
    case "swift":
      let words = line.trimmed.split(separator: " ").map(String.init)
      guard let place = words.firstIndex(where: startsDeclaration),
        // Everything before it must be a modifier or an attribute, or it is a sentence.
        words[..<place].allSatisfy(isModifier)
      else { return nil }
      return words[place] == "func" ? words.dropFirst(place + 1).first : words[place]
    case "py":
      let text = line.trimmed
      return text.hasPrefix("def ") || text.hasPrefix("async def ") ? text : nil
    case "c", "cpp", "h", "hpp":
      let isStart = line.hasSuffix("{") && line.contains("(") && line.indentation == 0
      return isStart ? line : nil
    default:
      return nil
    }
  }

  private static func startsDeclaration(_ word: String) -> Bool {
    word == "func" || word.hasPrefix("init(") || word.hasPrefix("init?(") || word == "deinit"
  }

  private static func isModifier(_ word: String) -> Bool {
    let modifiers: Set = [
      "public", "package", "private", "fileprivate", "internal", "static", "final", "mutating",
      "consuming", "borrowing", "override", "class", "convenience", "required", "isolated",
      "nonisolated", "prefix", "postfix", "infix",
    ]
    return modifiers.contains(word) || word.hasPrefix("@")
  }

  private static func bodyEnd(_ lines: [String], from start: Int, suffix: String) -> Int? {
    let indentation = lines[start].indentation
    if suffix == "py" {
      let rest = lines.indices.dropFirst(start + 1)
      let next = rest.first { !lines[$0].trimmed.isEmpty && lines[$0].indentation <= indentation }
      return (next ?? lines.count) - 1
    }
    guard let opening = bodyStart(lines, from: start, indentation: indentation) else { return nil }
    if lines[opening].hasSuffix("}") { return opening }
    return lines.indices.dropFirst(opening + 1).first {
      lines[$0].indentation == indentation && lines[$0].trimmed.hasPrefix("}")
    }
  }

  /// The line of the opening brace; nil for a requirement of a protocol, which has none.
  private static func bodyStart(_ lines: [String], from start: Int, indentation: Int) -> Int? {
    for index in start..<lines.count {
      let text = lines[index].trimmed
      let continues =
        index == start || lines[index].indentation > indentation || text.hasPrefix(")")
      if text.isEmpty || !continues { return nil }
      if text.hasSuffix("{") || text.hasSuffix("}") && text.contains("{") { return index }
    }
    return nil
  }
}
