import Runtime

/// How times are written in a file whose way no reader could guess: `dd.MM.yyyy HH:mm`.
///
/// `yyyy`, `MM`, `dd`, `HH`, `mm` and `ss` stand for digits, as many as there are letters; everything
/// else stands for itself.
public struct StampPattern: Sendable, Hashable {
  private enum Part: UInt8 { case year, month, day, hour, minute, second, other }

  private struct Piece: Hashable {
    var part: Part
    /// How many digits, or which byte.
    var value: UInt8
  }

  public let text: String
  private let pieces: [Piece]
  private let hasTime: Bool

  private static let letters: [(letter: UInt8, part: Part, count: Int)] = [
    (UInt8(ascii: "y"), .year, 4), (UInt8(ascii: "M"), .month, 2), (UInt8(ascii: "d"), .day, 2),
    (UInt8(ascii: "H"), .hour, 2), (UInt8(ascii: "m"), .minute, 2), (UInt8(ascii: "s"), .second, 2),
  ]

  /// `nil` where `text` does not name year, month and day once each, or minutes without hours.
  public init?(_ text: String) {
    var pieces: [Piece] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      if let known = Self.letters.first(where: { $0.letter == byte }) {
        guard rest.prefix(known.count).allSatisfy({ $0 == byte }), rest.count >= known.count,
          !pieces.contains(where: { $0.part == known.part })
        else { return nil }
        pieces.append(Piece(part: known.part, value: UInt8(known.count)))
        rest = rest.dropFirst(known.count)
      } else {
        guard byte > 0x1f, byte < 0x7f, !(0x30...0x39).contains(byte) else { return nil }
        pieces.append(Piece(part: .other, value: byte))
        rest = rest.dropFirst()
      }
    }
    let parts = Set(pieces.map(\.part))
    guard parts.isSuperset(of: [.year, .month, .day]),
      parts.contains(.hour) == parts.contains(.minute),
      parts.contains(.hour) || !parts.contains(.second)
    else { return nil }
    self.text = text
    self.pieces = pieces
    hasTime = parts.contains(.hour)
  }

  /// The time that `bytes` spell, or `nil` where they spell none in this way.
  func stamp(_ bytes: UnsafeBufferPointer<UInt8>) -> StampText? {
    var position = 0
    var values = [0, 0, 0, 0, 0, 0]
    for piece in pieces {
      if piece.part == .other {
        guard position < bytes.count, bytes[position] == piece.value else { return nil }
        position += 1
        continue
      }
      guard position + Int(piece.value) <= bytes.count else { return nil }
      for _ in 0..<piece.value {
        let digit = bytes[position] &- 0x30
        guard digit <= 9 else { return nil }
        values[Int(piece.part.rawValue)] = values[Int(piece.part.rawValue)] * 10 + Int(digit)
        position += 1
      }
    }
    guard position == bytes.count, (1678...2261).contains(values[0]),
      let day = CivilDate(year: values[0], month: values[1], day: values[2]), values[3] < 24,
      values[4] < 60, values[5] < 60
    else { return nil }
    let second = Int64(values[3] * 3600 + values[4] * 60 + values[5])
    return StampText(
      kind: hasTime ? .local : .date,
      nanoseconds: Int64(day.dayNumber) * Timestamp.nanosecondsPerDay
        + second * Timestamp.nanosecondsPerSecond)
  }
}
