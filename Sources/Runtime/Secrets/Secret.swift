/// A password or key that cannot be printed, logged, dumped or saved by accident.
///
/// It hides its text from every ordinary way of showing a value; it does not wipe memory.
public struct Secret: Sendable {
  private let text: String

  public init(_ text: String) { self.text = text }

  /// The one door to the text. Keep what comes out inside the closure.
  public func withExposed<Result, Failure: Error>(
    _ body: (String) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(text)
  }

  static let shown = "«secret»"
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable,
  Encodable
{
  public var description: String { Self.shown }
  public var debugDescription: String { Self.shown }
  public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Self.shown)
  }
}
