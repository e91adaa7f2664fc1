/// How a playback server answers one request.
public enum PlaybackAnswer: Sendable {
  case reply(Int, headers: [String: String] = [:], body: [UInt8])
  /// The length is stated in full, and the connection ends after so many bytes.
  case truncated(body: [UInt8], after: Int)
  /// The body states a length that it does not have.
  case claimed(length: Int, body: [UInt8])
  case chunked(body: [UInt8], piece: Int)
  /// Chunks without the last one, which says that they are all.
  case chunkedWithoutEnd(body: [UInt8], piece: Int)
  /// A few bytes at a time, with pauses of milliseconds.
  case drip(body: [UInt8], piece: Int, every: Int)
  /// So many bytes of the same letter.
  case huge(count: Int)
  /// The connection is reset before anything is said.
  case reset
  /// Nothing is said, for so many milliseconds.
  case silence(Int)
  /// These bytes and the end of the connection.
  case raw([UInt8])

  public static func text(_ status: Int, _ text: String, headers: [String: String] = [:]) -> Self {
    .reply(status, headers: headers, body: Array(text.utf8))
  }
}
