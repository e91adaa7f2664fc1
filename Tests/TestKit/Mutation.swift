import Foundation

/// How much a fuzz test does: few inputs in every test run, many in the nightly one.
public enum FuzzBudget {
  /// `usual`, or `nightly` where the environment has `MARTINET_NIGHTLY`.
  public static func inputs(usual: Int, nightly: Int) -> Int {
    isNightly ? nightly : usual
  }

  public static var isNightly: Bool {
    guard let value = ProcessInfo.processInfo.environment["MARTINET_NIGHTLY"] else { return false }
    return !value.isEmpty && value != "0"
  }
}

/// `count` damaged copies of the inputs in `corpus`: the same ones for the same seed.
///
/// Each copy has one to four changes: a flipped bit, a byte replaced, inserted or deleted, a stretch
/// deleted, repeated or taken from another input, or a word of `dictionary` put in. Words are what
/// brings a parser further than noise does: give it the format's own (`"- "`, `"&a"`, `"2024-02-30"`).
public func mutations(
  of corpus: [[UInt8]], count: Int, seed: UInt64, dictionary: [[UInt8]] = [],
  longest: Int = 4096
) -> Mutations {
  precondition(!corpus.isEmpty, "there is something to damage")
  return Mutations(
    corpus: corpus, dictionary: dictionary, longest: longest, remaining: count,
    generator: SeededGenerator(seed: seed))
}

public struct Mutations: Sequence, IteratorProtocol, Sendable {
  let corpus: [[UInt8]]
  let dictionary: [[UInt8]]
  let longest: Int
  var remaining: Int
  var generator: SeededGenerator

  public mutating func next() -> [UInt8]? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    var bytes = corpus[below(corpus.count)]
    for _ in 0...below(4) { change(&bytes) }
    if bytes.count > longest { bytes.removeLast(bytes.count - longest) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let at = below(bytes.count + 1)
    switch below(8) {
    case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8(below(8))
    case 1 where at < bytes.count: bytes[at] = interestingByte()
    case 2 where at < bytes.count: bytes.remove(at: at)
    case 3: bytes.removeSubrange(stretch(of: bytes))
    case 4: bytes.insert(contentsOf: bytes[stretch(of: bytes)], at: at)
    case 5:
      let other = corpus[below(corpus.count)]
      bytes.insert(contentsOf: other[stretch(of: other)], at: at)
    case 6 where !dictionary.isEmpty:
      bytes.insert(contentsOf: dictionary[below(dictionary.count)], at: at)
    case 7 where !bytes.isEmpty:
      let repeated = bytes[stretch(of: bytes).prefix(8)]
      for _ in 0..<below(40) where bytes.count < longest {
        bytes.insert(contentsOf: repeated, at: Swift.min(at, bytes.count))
      }
    default: bytes.insert(interestingByte(), at: at)
    }
  }

  /// Half of the time a byte that means something in text formats, else any byte.
  private mutating func interestingByte() -> UInt8 {
    let marks = [UInt8]("0123456789+-.:,;_eTZ \t\n\r\"'#&*!|>%@`[]{}\\/\u{0}\u{7F}".utf8)
    return below(2) == 0 ? marks[below(marks.count)] : UInt8(below(256))
  }

  private mutating func stretch(of bytes: [UInt8]) -> Range<Int> {
    let start = below(bytes.count + 1)
    return start..<Swift.min(bytes.count, start + below(16))
  }

  private mutating func below(_ limit: Int) -> Int {
    Int(generator.next() % UInt64(limit))
  }
}
