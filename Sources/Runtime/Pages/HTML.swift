/// Text that is HTML already; made from plain text only by escaping.
struct HTML: Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  var description: String

  init(stringLiteral value: String) { description = value }
  init(stringInterpolation: Interpolation) { description = stringInterpolation.text }
  /// Markup that the program itself made.
  init(trusted text: String) { description = text }

  /// In a literal, plain strings are escaped and HTML is not.
  struct Interpolation: StringInterpolationProtocol {
    var text = ""
    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity * 2)
    }
    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ html: HTML) { text += html.description }
    mutating func appendInterpolation(_ plain: String) { text += HTML.escaped(plain) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
  }

  static func escaped(_ plain: String) -> String {
    var text = ""
    for character in plain.unicodeScalars {
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}

extension Sequence<HTML> {
  func joined() -> HTML { HTML(trusted: map(\.description).joined()) }
}
