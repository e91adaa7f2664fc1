/// Finds what a person probably meant.
public enum Words {
  /// The known word nearest to `word`, or `nil` where none is near enough to be worth suggesting.
  ///
  /// Case does not count, and `-` and `_` are the same, so that `Batch-Size` finds `batch_size`.
  /// The beginning of a word (three letters or more) is near it. Of equally near words the first wins.
  public static func nearest(
    to word: String, among known: some Sequence<String>
  ) -> String? {
    let wanted = folded(word)
    guard (1...longestWord).contains(wanted.count) else { return nil }
    let limit = max(1, wanted.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known {
      let letters = folded(candidate)
      guard letters.count <= longestWord else { continue }
      let distance =
        wanted.count >= 3 && letters.starts(with: wanted)
        ? 1 : self.distance(from: wanted, to: letters)
      if distance <= limit, distance < letters.count, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.word
  }

  /// "did you mean batch_size?", or `nil` where no known word is near.
  public static func suggestion(for word: String, among known: some Sequence<String>) -> String? {
    nearest(to: word, among: known).map { "did you mean \($0)?" }
  }

  /// Longer words are noise, and comparing them would cost the product of their lengths.
  private static let longestWord = 64

  private static func folded(_ word: String) -> [UInt8] {
    word.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
  ///
  /// The restricted form of Damerau (1964) and Levenshtein (1966): no stretch is edited twice.
  package static func distance(from a: [UInt8], to b: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
        var cheapest = min(replaced, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cheapest = min(cheapest, beforeLast[j - 1] + 1)
        }
        row.append(cheapest)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
