import Foundation
import Market
import MarketData
import Runtime
import Testing

private let header = "timestamp,open,high,low,close,volume\n"

@Suite("An import takes a file whole or not at all")
struct ImportTests {
  private static let minutes = declared(.start, "America/New_York", .none)

  private static func rows(_ count: Int) -> String {
    var text = header
    for row in 0..<count { text += "\(1_600_000_000 + 60 * row),1,1,1,1,\(row)\n" }
    return text
  }

  @Test("a long file that is wrong at its end leaves nothing behind")
  func wholeOrNot() throws {
    let folder = try TemporaryFolder()
    let long = Self.rows(700_000)
    let path = try folder.write(long + "1700000000,1,1,x,1,1\n", to: "NVDA.csv")
    let store = MemoryStore()
    let outcome = try #require(try imported([path], into: store, options: Self.minutes).first)
    #expect(outcome.refusal?.place == path + ":700002:16")
    #expect(store.barCount == 0 && store.writes == [])
    let whole = try folder.write(long, to: "AMD.csv")
    let stored = try #require(try imported([whole], into: store, options: Self.minutes).first)
    #expect(stored.rows == 700_000 && store.barCount == 700_000)
    #expect(store.writes.count == 2, "in parts that memory can hold: \(store.writes)")
    let again = try #require(try imported([whole], into: store, options: Self.minutes).first)
    #expect(again.status == .unchanged && again.rows == 700_000 && again.span == stored.span)
    #expect(store.writes.count == 2)
  }

  @Test("the same bytes read in another way are another import")
  func ways() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.rows(3), to: "NVDA.csv")
    let store = MemoryStore()
    var options = Self.minutes
    #expect(try imported([path], into: store, options: options)[0].status == .imported)
    #expect(try imported([path], into: store, options: options)[0].status == .unchanged)
    options.declaration.stamp = .end
    let other = try imported([path], into: store, options: options)[0]
    #expect(other.refusal?.finding == "is stored with stamp start, not end")
    options.declaration.source = "mine"
    #expect(try imported([path], into: store, options: options)[0].status == .imported)
  }

  @Test("one that cannot be taken in does not stop the rest, and what is not asked for is skipped")
  func others() throws {
    let folder = try TemporaryFolder()
    for name in ["AMD.csv", "NVDA.csv"] { _ = try folder.write(Self.rows(3), to: name) }
    _ = try folder.write("broken\n", to: "MU.csv")
    _ = try folder.write("about this folder\n", to: "README.md")
    var options = Self.minutes
    options.symbols = [try #require(Symbol("NVDA"))]
    let paths = [folder.path, folder.path + "/none.csv"]
    let outcomes = try imported(paths, into: MemoryStore(), options: options)
    #expect(outcomes.map(\.status) == [.skipped, .refused, .imported, .refused])
    #expect(outcomes[3].refusal?.finding.contains("No such file") == true)
    #expect(try ImportPlan(paths: paths).passedOver == [folder.path + "/README.md"])
    options.symbols = []
    options.interval = .day
    #expect(
      try imported([folder.path + "/AMD.csv"], into: MemoryStore(), options: options)[0].status
        == .skipped)
  }

  @Test("a file whose name is no symbol is named by the only symbol given")
  func naming() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.rows(3), to: "prices.csv")
    var options = Self.minutes
    let nameless = try imported([path], into: MemoryStore(), options: options)[0]
    #expect(nameless.refusal?.finding == "nothing says whose bars these are")
    options.symbols = [try #require(Symbol("NVDA"))]
    let named = try imported([path], into: MemoryStore(), options: options)[0]
    #expect(named.symbols == options.symbols && named.rows == 3)
  }

  @Test("a folder's source.yaml declares its files, and a broken one refuses them")
  func folders() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.rows(3), to: "NVDA.csv")
    _ = try folder.write(
      "stamp: end\nzone: America/New_York\nadjustment: none\n", to: "source.yaml")
    let outcome = try imported([path], into: MemoryStore())[0]
    #expect(outcome.status == .imported && outcome.declaration.stamp == .end)
    #expect(outcome.source == folder.path.split(separator: "/").last.map(String.init))
    _ = try folder.write("stamp: middle\n", to: "source.yaml")
    let refused = try imported([path], into: MemoryStore())[0]
    #expect(refused.refusal?.place.hasSuffix("source.yaml:1:8") == true)
  }
}
