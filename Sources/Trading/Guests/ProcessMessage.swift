import Features
import Market
import Numerics
import Runtime

/// What a strategy process is told, as lines of JSON. Written by hand, because a bar must not cost more
/// than the process itself.
struct ProcessMessage {
  static let version: Int64 = 1
  private(set) var bytes: [UInt8] = []
  private var fills: [Fill] = []

  static let hello = line(["martinet": .integer(version)])

  private static func line(_ json: JSON) -> [UInt8] { Array((json.text() + "\n").utf8) }

  /// What is traded, and the bars that are known already, by instrument.
  static func start(_ desk: Desk) -> [UInt8] {
    let table = desk.account.table
    return line([
      "symbols": JSON(table.instruments.map { JSON($0.symbol.text) }),
      "series": JSON(desk.histories.map { JSON($0.instrument.place) }),
      "capital": JSON(Double(desk.account.equity)),
      "history": JSON(
        desk.histories.map { history in
          JSON(
            (0..<history.count).map { row in
              let bar = history[row]
              return JSON([bar.open, bar.high, bar.low, bar.close, bar.volume].map { JSON($0) })
            })
        }),
    ])
  }

  mutating func add(_ fill: Fill) { fills.append(fill) }

  /// `[time, equity, cash, [[series, open, high, low, close, volume], …], [position, …], [fill, …]]` of
  /// the bars that were not sent yet, which it counts.
  mutating func write(_ desk: Desk, after sent: inout [Int]) -> Int {
    var bars = 0
    bytes.removeAll(keepingCapacity: true)
    add("[\(desk.now.nanoseconds),")
    add(Double(desk.account.equity))
    add(",")
    add(Double(desk.account.cash()))
    add(",[")
    var separator = ""
    for (series, history) in desk.histories.enumerated() {
      for row in sent[series]..<history.count {
        add("\(separator)[\(series)")
        separator = ","
        let bar = history[row]
        for number in [bar.open, bar.high, bar.low, bar.close, bar.volume] {
          add(",")
          add(number)
        }
        add("]")
      }
      bars += history.count - sent[series]
      sent[series] = history.count
    }
    add("],[")
    for place in 0..<desk.account.table.count {
      if place > 0 { add(",") }
      add(Double(desk.account.position(InstrumentID(place))))
    }
    add("],[")
    for (place, fill) in fills.enumerated() {
      add("\(place > 0 ? "," : "")[\(fill.instrument.index),")
      add(Double(fill.quantity))
      add(",")
      add(Double(fill.price))
      add("]")
    }
    fills.removeAll(keepingCapacity: true)
    add("]]\n")
    return bars
  }

  private mutating func add(_ text: String) { bytes += text.utf8 }

  /// With the fewest digits that read back as the same number.
  private mutating func add(_ number: Double) {
    bytes += number.isFinite ? number.description.utf8 : "null".utf8
  }
}

/// What a strategy process answers: a list of acts.
enum ProcessAnswer {
  static func acts(
    _ bytes: ArraySlice<UInt8>, of source: ProcessSource
  ) throws(StrategyFailure) -> [StrategyAct] {
    let shown = Excerpt.quoted(String(decoding: bytes.prefix(80), as: UTF8.self))
    func nonsense(_ what: String) -> StrategyFailure {
      StrategyFailure(
        Excerpt.bare(source.place, longest: 100), "\(what): \(shown)",
        "answer with a list of acts, as in [[\"hold\", 0, 1.0]]; see docs/PROCESSES.md")
    }
    let answer: JSON
    do { answer = try JSON(parsing: Array(bytes), source: "answer") } catch {
      throw nonsense("its answer is no JSON")
    }
    if let error = answer["error"]?.string {
      throw StrategyFailure(
        Excerpt.bare(source.place, longest: 100),
        "it failed: \(Excerpt.bare(error, longest: 200))", "correct the strategy")
    }
    guard let parts = answer.elements else { throw nonsense("its answer is no list") }
    guard parts.count <= 10_000 else { throw nonsense("it asks for \(parts.count) acts at once") }
    var acts: [StrategyAct] = []
    for part in parts {
      guard let act = part.elements.flatMap(Self.act) else {
        throw nonsense("its answer has an act that means nothing")
      }
      acts.append(act)
    }
    return acts
  }

  private static func act(_ words: [JSON]) -> StrategyAct? {
    guard words.count >= 2, let name = words[0].string, let place = words[1].whole,
      let instrument = Int(exactly: place)
    else { return nil }
    func number(_ index: Int) -> Double? { index < words.count ? words[index].double : nil }
    switch (name, words.count) {
    case ("hold", 3): return number(2).map { .hold(instrument: instrument, part: $0) }
    case ("weigh", 3): return number(2).map { .weigh(instrument: instrument, part: $0) }
    case ("cancel", 2): return .cancel(instrument: instrument)
    case ("market", 3):
      return number(2).map { .order(instrument: instrument, quantity: $0, kind: .market) }
    case ("limit", 4), ("stop", 4):
      guard let quantity = number(2), let price = number(3) else { return nil }
      return .order(
        instrument: instrument, quantity: quantity,
        kind: name == "limit" ? .limit(price) : .stop(price))
    default: return nil
    }
  }
}
