extension JSON {
  /// The value as text: on one line, or with `pretty` indented by two spaces, where arrays that hold
  /// neither arrays nor objects stay on one line.
  public func text(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indent: pretty ? 0 : nil)
    return text
  }

  private var isNested: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let values):
      let inner = values.contains(where: \.isNested) ? indent.map { $0 + 2 } : nil
      let separator = indent != nil && inner == nil ? ", " : ","
      Self.writeList(values, in: ("[", "]"), separator, inner, to: &text) { value, text in
        value.write(to: &text, indent: inner)
      }
    case .object(let members):
      let inner = indent.map { $0 + 2 }
      Self.writeList(members, in: ("{", "}"), ",", inner, to: &text) { member, text in
        Self.write(member.key, to: &text)
        text += inner == nil ? ":" : ": "
        member.value.write(to: &text, indent: inner)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], in brackets: (String, String), _ separator: String, _ indent: Int?,
    to text: inout String, write: (Element, inout String) -> Void
  ) {
    text += brackets.0
    for (index, element) in elements.enumerated() {
      if index > 0 { text += separator }
      if let indent { text += "\n" + String(repeating: " ", count: indent) }
      write(element, &text)
    }
    if let indent, !elements.isEmpty {
      text += "\n" + String(repeating: " ", count: indent - 2)
    }
    text += brackets.1
  }

  private static func write(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // Controls as JSON asks; the two separators because JavaScript once ended lines at them.
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
