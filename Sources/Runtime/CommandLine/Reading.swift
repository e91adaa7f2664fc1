/// How the text of a flag or an argument becomes a value.
public struct Reading<Value: Sendable>: Sendable {
  /// What is expected, as it stands after "is not": `a number`.
  public let expectation: String
  /// Text that would be accepted, shown in the remedy; empty where what the value stands for says more.
  public let example: String
  /// All accepted words where there are only a few; help and completions list them.
  public let choices: [String]
  private let read: @Sendable (String) throws -> Value?

  /// `read` gives `nil`, or throws an error with a diagnosis of its own, for text it cannot use.
  public init(
    expecting expectation: String, example: String, choices: [String] = [],
    _ read: @escaping @Sendable (String) throws -> Value?
  ) {
    self.expectation = expectation
    self.example = example
    self.choices = choices
    self.read = read
  }

  /// The value, or an error whose place is the flag or argument `name`.
  ///
  /// `beginning` is what stands before the value in an example; `standIn` is its metavariable.
  func value(
    of text: String, at name: String, beginning: String, standIn: String
  ) throws(UsageError) -> Value {
    let cause: Diagnosis?
    do {
      if let value = try read(text) { return value }
      cause = nil
    } catch {
      cause = Diagnosis(describing: error, place: name)
    }
    let nearest = Words.nearest(to: text, among: choices)
    let shown = nearest ?? (example.isEmpty ? standIn : example)
    throw .badValue(
      place: name, text: text, expected: expectation, example: beginning + shown, cause: cause)
  }
}

extension Reading<String> {
  /// Any text but none at all.
  public static var text: Self {
    Reading(expecting: "a word", example: "") { $0.isEmpty ? nil : $0 }
  }

  /// One of a few words.
  public static func oneOf(_ choices: [String]) -> Self {
    Reading(
      expecting: "one of: \(choices.joined(separator: ", "))", example: choices.first ?? "",
      choices: choices
    ) { choices.contains($0) ? $0 : nil }
  }

  /// `key=value`, with dots in the key for levels.
  public static var assignment: Self {
    Reading(expecting: "of the form key=value", example: "costs.fee=0.001") { text in
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
      return text
    }
  }
}

extension Reading<Int> {
  public static var integer: Self {
    Reading(expecting: "a whole number", example: "10") { Int($0) }
  }

  public static func integer(in range: ClosedRange<Int>) -> Self {
    Reading(
      expecting: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      example: "\(range.lowerBound)"
    ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension Reading<Double> {
  /// A finite number; `nan`, `inf` and hexadecimal digits are not meant by anyone who types.
  public static var number: Self {
    Reading(expecting: "a number", example: "0.5") { finite($0) }
  }

  public static func number(in range: ClosedRange<Double>, example: String) -> Self {
    Reading(
      expecting: "a number from \(range.lowerBound) to \(range.upperBound)", example: example
    ) { text in finite(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  private static func finite(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}

extension Reading<Bool> {
  static var truth: Self {
    Reading(expecting: "true or false", example: "false", choices: ["true", "false"]) { text in
      switch text.lowercased() {
      case "true", "yes", "on", "1": true
      case "false", "no", "off", "0": false
      default: nil
      }
    }
  }
}
