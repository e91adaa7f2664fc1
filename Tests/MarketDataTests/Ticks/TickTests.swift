import Foundation
import Market
import MarketData
import Numerics
import Runtime
import TestKit
import Testing

private func all<Record>(_ stream: AsyncThrowingStream<[Record], any Error>) async throws
  -> [Record]
{
  var records: [Record] = []
  for try await batch in stream { records += batch }
  return records
}

private func request(_ symbol: String) throws -> TickRequest {
  TickRequest(symbol: try #require(Symbol(symbol)))
}

@Suite("Trades, quotes and books")
struct TickTests {
  private static let feed = [
    #"{"stream":"ethusdt@depth","data":{"E":1723161255308,"s":"ETHUSDT","U":8,"u":9,"b":[["1","5"]],"a":[]}}"#,
    #"{"lastUpdateId":10,"bids":[["1.5","2"],["1.4","1"]],"asks":[["1.6","3"]]}"#,
    #"{"stream":"ethusdt@depth","data":{"E":1723161255309,"s":"ETHUSDT","U":10,"u":12,"b":[["1.5","0"]],"a":[]}}"#,
    #"{"stream":"ethusdt@depth","data":{"E":1723161255310,"s":"ETHUSDT","U":14,"u":15,"b":[["1.3","7"]],"a":[]}}"#,
    #"{"stream":"ethusdt@trade","data":{"s":"ETHUSDT","p":"1.55","q":"0.25","T":1723161255311}}"#,
    #"{"stream":"ethusdt@bookTicker","data":{"s":"ETHUSDT","b":"1.4","B":"1","a":"1.6","A":"0"}}"#,
  ].enumerated().map { "17231612560000000\($0)0 \($1)\n" }.joined()

  @Test(
    "a recording of streams: updates before the picture and holes in their numbers are reported")
  func chain() throws {
    let folder = try TemporaryFolder()
    let lake = try TemporaryFolder()
    let path = try folder.write(gzip(Self.feed), to: "feed.gz")
    let outcome = try #require(
      try imported([path], into: MemoryStore(kind: .lake, location: lake.path)).first)
    #expect(outcome.status == .imported && outcome.rows == 6)
    #expect(outcome.notes.contains { $0.hasPrefix("1 updates came before") })
    #expect(outcome.notes.contains { $0.hasPrefix("line 4: update 13 was expected and 14 came") })
  }

  @Test("what went into a lake comes out of it, and makes the book it was")
  func lake() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(gzip(Self.feed), to: "feed.gz")
    _ = try imported([path], into: MemoryStore(kind: .lake, location: folder.path + "/lake"))
    let lake = TickLake(folder: folder.path + "/lake")
    let source = try #require(try BinanceFeed(path: path))
    let asked = try request("ETHUSDT")
    let events = try await all(lake.events(asked))
    #expect(try await all(source.events(asked)) == events)
    #expect(try await all(source.trades(asked)) == all(lake.trades(asked)))
    #expect(try await all(source.quotes(asked)) == all(lake.quotes(asked)))
    var book = LevelBook()
    for event in events.prefix(6) { book.apply(event) }
    #expect(try book.bestBid?.price == Price(parsing: "1.4"), "1.5 was taken away")
    #expect(try book.bestAsk?.quantity == Quantity(parsing: "3"))
    book.apply(events[6])
    #expect(book.bids.isEmpty, "behind a hole nothing is known")
    for record in events { #expect(record.knownAt >= record.time) }
    #expect(
      try await all(
        lake.trades(TickRequest(symbol: asked.symbol, days: TimeRange(parsing: "20240809-")))
      ).isEmpty)
  }

  @Test("a symbol whose folder cannot be listed is an error, one without a folder has no trades")
  func unlistable() async throws {
    let folder = try TemporaryFolder()
    let lake = TickLake(folder: folder.path)
    #expect(try await all(lake.trades(request("AAA"))).isEmpty)
    let trades = folder.path + "/trades"
    try FileManager.default.createDirectory(atPath: trades, withIntermediateDirectories: true)
    try Data("no folder".utf8).write(to: URL(fileURLWithPath: trades + "/symbol=AAA"))
    await #expect(throws: DataError.self) { try await all(lake.trades(request("AAA"))) }
  }

  @Test(
    "the recorded book's best prices are those the venue sent beside it",
    .enabled(if: SharedData.has("orderbook"), "needs ../shared/data/orderbook"))
  func binance() async throws {
    let path = SharedData.path("orderbook/binance_spot_ethusdt_20240808_feed.gz")
    let source = try #require(try BinanceFeed(path: path))
    let asked = try request("ETHUSDT")
    #expect(try await all(source.trades(asked)).count == 6106)
    #expect(try await all(source.quotes(asked)).count == 24_077)
    let events = try await all(source.events(asked))
    var book = LevelBook()
    for event in events { book.apply(event) }
    let bid = try #require(book.bestBid?.price)
    let ask = try #require(book.bestAsk?.price)
    #expect(bid < ask, "a book put together rightly is not crossed")
  }

  @Test("LOBSTER's messages and books are one story")
  func lobster() async throws {
    let folder = try TemporaryFolder()
    let name = "AAPL_2012-06-21_34200000_57600000_message_1.csv"
    let messages = "34200.004241176,1,16113575,18,5853300,1\n34201,4,16113575,8,5853300,1\n"
    let books = "5859400,200,5853300,18\n5859400,200,-9999999999,0\n"
    let path = try folder.write(messages, to: name)
    _ = try folder.write(books, to: name.replacing("message", with: "orderbook"))
    let files = try #require(LobsterFiles(path: path))
    let events = try await all(files.events(request("AAPL")))
    #expect(events.map(\.kind) == [.added, .executed])
    #expect(events[0].time.nanoseconds == 1_340_285_400_004_241_176)
    #expect(try events[0].price == Price(parsing: "585.33") && events[0].side == .bid)
    let pictures = try #require(
      LobsterFiles(path: path.replacing("message", with: "orderbook")))
    let levels = try await all(pictures.events(request("AAPL")))
    #expect(levels.map(\.kind) == [.cleared, .snapshot, .snapshot, .cleared, .snapshot])
    #expect(levels[3].time == events[1].time)
    var book = LevelBook()
    for level in levels { book.apply(level) }
    #expect(try book.bids.isEmpty && book.bestAsk?.quantity == Quantity(parsing: "200"))
  }

  @Test("a pair of files that does not belong together is refused")
  func strangers() throws {
    let folder = try TemporaryFolder()
    let name = "AAPL_2012-06-21_34200000_57600000_message_1.csv"
    _ = try folder.write("34200,1,1,1,1,1\n34201,1,1,1,1,1\n", to: name)
    let books = name.replacing("message", with: "orderbook")
    let lake = MemoryStore(kind: .lake, location: folder.path + "/lake")
    let short = try imported([folder.write("1,1,1,1\n", to: books)], into: lake)
    #expect(short[0].refusal?.finding == "has 1 rows, fewer than its message file")
    let long = try imported([folder.write("1,1,1,1\n1,1,1,1\n1,1,1,1\n", to: books)], into: lake)
    #expect(long[0].refusal?.finding == "has more rows than its message file")
  }

  @Test("ticks of trades keep venue and conditions; a quote of one side has one")
  func lean() async throws {
    let folder = try TemporaryFolder()
    let base = folder.path + "/equity/usa/tick/ibm"
    try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
    let trades = try folder.write(
      zip("20131008_ibm_Trade_Tick.csv", "31669457,1821000,300,P,2000,0\n"),
      to: "equity/usa/tick/ibm/20131008_trade.zip")
    let quotes = try folder.write(
      zip("20131008_ibm_Quote_Tick.csv", "14400640,1800100,200,0,0,P,1,0\n"),
      to: "equity/usa/tick/ibm/20131008_quote.zip")
    let lake = TickLake(folder: folder.path + "/lake")
    let store = MemoryStore(kind: .lake, location: lake.folder)
    let outcomes = try imported([trades, quotes], into: store)
    #expect(outcomes.map(\.kind) == ["trades", "quotes"])
    let trade = try #require(try await all(lake.trades(request("IBM"))).first)
    #expect(
      try trade.price == Price(parsing: "182.1")
        && trade.quantity == Quantity(parsing: "300"))
    #expect(trade.venue == UInt8(ascii: "P") && trade.conditions == 0x2000)
    #expect(trade.time.nanoseconds == 1_381_236_469_457_000_000)
    let quote = try #require(try await all(lake.quotes(request("IBM"))).first)
    #expect(try quote.bid?.price == Price(parsing: "180.01") && quote.ask == nil)
  }
}
