extension MalformedCorpus {
  private static let messages = "AAPL_2012-06-21_34200000_57600000_message_1.csv"
  private static let books = "AAPL_2012-06-21_34200000_57600000_orderbook_1.csv"

  static let lobster: [Malformed] = [
    Malformed(messages, "", at: ""),
    Malformed(messages, "34200.1,1,1,1,1\n", at: ":1:16"),
    Malformed(messages, "34200.1,1,1,1,1,1,1\n", at: ":1:18"),
    Malformed(messages, "x,1,1,1,1,1\n", at: ":1:1"),
    Malformed(messages, "-1,1,1,1,1,1\n", at: ":1:1"),
    Malformed(messages, "86401,1,1,1,1,1\n", at: ":1:1"),
    Malformed(messages, "34200.1234567890,1,1,1,1,1\n", at: ":1:1"),
    Malformed(messages, "34200.,1,1,1,1,1\n", at: ":1:1"),
    Malformed(messages, "34200.1,8,1,1,1,1\n", at: ":1:9"),
    Malformed(messages, "34200.1,,1,1,1,1\n", at: ":1:9"),
    Malformed(messages, "34200.1,1,x,1,1,1\n", at: ":1:11"),
    Malformed(messages, "34200.1,1,1,x,1,1\n", at: ":1:13"),
    Malformed(messages, "34200.1,1,1,1,x,1\n", at: ":1:15"),
    Malformed(messages, "34200.1,1,1,1,9223372036854775807,1\n", at: ":1:15"),
    Malformed(messages, "34200.1,1,1,1,1,0\n", at: ":1:17"),
    Malformed(messages, "34200.1,1,1,1,1,1\n34200.2,1,1,1,1,2\n", at: ":2:17"),
    Malformed(books, "1,1,1,1\n", at: ""),
  ]

  private static func line(_ message: String) -> String { "1723161254024619568 \(message)\n" }
  private static let first = line(
    #"{"stream":"ethusdt@trade","data":{"s":"ETHUSDT","p":"1.5","q":"2","T":1723161255611}}"#)

  /// A second line that is wrong; columns count from the beginning of the line.
  private static func second(_ text: String, at place: String) -> Malformed {
    Malformed("feed.gz", gzip(first + text + "\n"), at: place)
  }

  private static func message(_ text: String, at place: String = ":2:21") -> Malformed {
    second("1723161254024619568 " + text, at: place)
  }

  static let binance: [Malformed] = [
    second("x {}", at: ":2:1"),
    second("1723161254 {}", at: ":2:1"),
    second("1723161254024619568", at: ":2:20"),
    second("9999999999999999999 {}", at: ":2:1"),
    message("", at: ":2:21"),
    message("{", at: ":2:22"),
    message("{\"stream\":}", at: ":2:31"),
    message("{\"stream\":\"a\",}", at: ":2:35"),
    message("{\"a\":1,\"a\":2}", at: ":2:28"),
    message("[1,2]"),
    message("nul", at: ":2:21"),
    message("{\"a\":01}", at: ":2:27"),
    message("{\"a\":\"\\x\"}", at: ":2:27"),
    message(String(repeating: "[", count: 400), at: ":2:149"),
    message("{}"),
    message("{\"stream\":1,\"data\":{}}"),
    message("{\"stream\":\"ethusdt@trade\"}"),
    message("{\"stream\":\"ethusdt@trade\",\"data\":{}}"),
    message("{\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"a b\"}}"),
    message("{\"stream\":\"btcusdt@trade\",\"data\":{\"s\":\"BTCUSDT\",\"p\":\"1\",\"q\":\"1\"}}"),
    message("{\"stream\":\"ethusdt@kline\",\"data\":{\"s\":\"ETHUSDT\"}}"),
    message("{\"stream\":\"ethusdt\",\"data\":{\"s\":\"ETHUSDT\"}}"),
    message("{\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"ETHUSDT\"}}"),
    message("{\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"ETHUSDT\",\"p\":1,\"q\":\"1\"}}"),
    message("{\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"ETHUSDT\",\"p\":\"x\",\"q\":\"1\"}}"),
    message("{\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"ETHUSDT\",\"p\":\"-1\",\"q\":\"1\"}}"),
    message(
      "{\"stream\":\"ethusdt@trade\",\"data\":{\"s\":\"ETHUSDT\",\"p\":\"1e5\",\"q\":\"1\"}}"),
    message(
      "{\"stream\":\"e@trade\",\"data\":{\"s\":\"ETHUSDT\",\"p\":\"1\",\"q\":\"1\",\"T\":-1}}"),
    message(
      "{\"stream\":\"e@trade\",\"data\":{\"s\":\"ETHUSDT\",\"p\":\"1\",\"q\":\"1\",\"T\":\"1\"}}"),
    message("{\"stream\":\"e@bookTicker\",\"data\":{\"s\":\"ETHUSDT\",\"b\":\"1\",\"B\":\"1\"}}"),
    message("{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"b\":[],\"a\":[]}}"),
    message(
      "{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"U\":1,\"u\":\"2\",\"b\":[],\"a\":[]}}"),
    message(
      "{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"U\":3,\"u\":2,\"b\":[],\"a\":[]}}"),
    message(
      "{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"U\":1,\"u\":2,\"b\":{},\"a\":[]}}"),
    message(
      "{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"U\":1,\"u\":2,\"b\":[],\"a\":[1]}}"),
    message(
      "{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"U\":1,\"u\":2,\"b\":[],\"a\":[[\"1\"]]}}"
    ),
    message(
      "{\"stream\":\"e@depth\",\"data\":{\"s\":\"ETHUSDT\",\"U\":1,\"u\":2,\"b\":[],\"a\":[[\"1\",2]]}}"
    ),
    message("{\"lastUpdateId\":\"1\",\"bids\":[],\"asks\":[]}"),
    message("{\"lastUpdateId\":1,\"bids\":[]}"),
    message("{\"lastUpdateId\":1,\"bids\":[[]],\"asks\":[]}"),
    message("{\"lastUpdateId\":-1,\"bids\":[],\"asks\":[]}"),
  ]
}
