import Market
import MarketData
import Runtime

/// Flags that verbs about market data share.
enum DataFlags {
  static let from: Flag<StoreAddress> = .value(
    "from", .storeAddress, metavariable: "STORE", default: .standard,
    help: "The store to read: sqlite:FILE, lake:FOLDER or postgres:URL.")
  static let to: Flag<StoreAddress> = .value(
    "to", .storeAddress, metavariable: "STORE", default: .standard,
    help: "The store to write: sqlite:FILE, lake:FOLDER or postgres:URL.")
  static let symbols: Flag<[Symbol]> = .list(
    "symbols", aliases: ["pairs"], .symbol, separator: ",", metavariable: "NAME,NAME",
    help: "Which symbols; all there are where none is named.")
  static let interval: Flag<BarInterval?> = .optional(
    "interval", short: "i", aliases: ["timeframe"], .barInterval, metavariable: "LENGTH",
    help: "Length of a bar: 1min, 5min, 1h, 1d.")
  static let timerange: Flag<TimeRange?> = .optional(
    "timerange", .timeRange, metavariable: "DAYS",
    help: "Days, as in 20240101-20240630; either end may be left open.")
}

extension Reading<StoreAddress> {
  static var storeAddress: Self {
    Reading(expecting: "the address of a store", example: "sqlite:market.db") { text in
      try StoreAddress(parsing: text)
    }
  }
}

extension Reading<Symbol> {
  static var symbol: Self {
    Reading(expecting: "a symbol", example: "NVDA") { text in try Symbol(parsing: text) }
  }
}

extension Reading<BarInterval> {
  static var barInterval: Self {
    Reading(expecting: "the length of a bar", example: "5min") { text in
      try BarInterval(parsing: text)
    }
  }
}

extension Reading<TimeRange> {
  static var timeRange: Self {
    Reading(expecting: "a range of days", example: "20240101-20240630") { text in
      try TimeRange(parsing: text)
    }
  }
}

extension Invocation {
  /// Opens a store and passes on what it has to say about itself.
  func store(_ address: StoreAddress, creating: Bool = true) throws -> any BarStore {
    let store = try address.open(creating: creating)
    if !isQuiet {
      for notice in store.notices { console.note("\(address): \(notice)") }
    }
    return store
  }
}
