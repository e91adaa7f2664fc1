import Runtime
import Testing

@Suite("Nearest word") struct NearestWordTests {
  private static let keys = ["batch_size", "symbols", "strategy", "slippage", "seed"]

  @Test(
    "finds what was probably meant",
    arguments: [
      ("batchsize", "batch_size"), ("Batch-Size", "batch_size"), ("symobls", "symbols"),
      ("strat", "strategy"), ("sede", "seed"), ("slipage", "slippage"),
    ])
  func finds(typed: String, meant: String) {
    #expect(Words.nearest(to: typed, among: Self.keys) == meant)
  }

  @Test(
    "suggests nothing where nothing is near",
    arguments: ["", "zebra", "x", String(repeating: "symbols", count: 1000)])
  func suggestsNothing(typed: String) {
    #expect(Words.nearest(to: typed, among: Self.keys) == nil)
  }

  @Test("counts insertions, deletions, replacements and swaps of neighbours")
  func distances() {
    func distance(_ a: String, _ b: String) -> Int {
      Words.distance(from: Array(a.utf8), to: Array(b.utf8))
    }
    #expect(distance("", "abc") == 3)
    #expect(distance("abc", "") == 3)
    #expect(distance("abcd", "acbd") == 1)
    #expect(distance("kitten", "sitting") == 3)
    #expect(distance("ca", "abc") == 3)
  }
}
