import Foundation
import Market
import Numerics
import Trading

/// A made-up book of two million changes, quoted into every hundred milliseconds.
enum BookRows {
  static let replay = Row(
    bench: "backtest", name: "orderbook_replay", figure: .rate(unit: "M events/s", perItem: 1e-6),
    target: .ratio(1.5),
    peer: PeerCase(
      name: "hftbacktest (fast book)", group: "backtest", script: "orderbook_replay.py"),
    agreement: Agreement(
      measure: .relative(floor: 1), tolerance: 1e-9,
      text: "the number of fills, the position, what was traded in all, and the cash"),
    limit: .bytes(
      "32 bytes an event, read once by the exchange and once by us", .read, perItem: 64),
    usesBLAS: false
  ) { size in
    let count = size == .full ? 2_000_000 : 20_000
    let input = Input(name: "book_changes", format: .float64, shape: [4, count]) { stream, _ in
      changes(count: count, &stream)
    }
    return Work(size: "\(count)", items: Double(count), inputs: [input]) { files in
      let tape = tape(try RawNumbers.read(files[0].path), count: count)
      var settings = BookReplay<Quoting>.Settings()
      settings.fillsWhole = true
      var fills: [BookFill] = []
      return Prepared(
        run: {
          var replay = BookReplay(Quoting(), ticks: 1000...30_000, settings: settings)
          replay.run(tape)
          fills = replay.fills
        }, output: { sums(fills) })
    }
  }

  /// Kind (bid, ask, bought, sold), nanoseconds, ticks, quantity: one column after the other.
  private static func changes(count: Int, _ stream: inout RandomStream) -> [Double] {
    var columns = [[Double]](repeating: [], count: 4)
    for place in columns.indices { columns[place].reserveCapacity(count) }
    var middle = 10_000.0
    for index in 0..<count {
      let step = stream.uniform()
      if step < 0.1 { middle -= 1 } else if step >= 0.9 { middle += 1 }
      let isBuy = stream.uniform() < 0.5
      let isTrade = stream.uniform() < 0.1
      let away = 1 + (19 * stream.uniform()).rounded(.down)
      let level = (10 * stream.uniform()).rounded(.down)
      columns[0].append((isTrade ? 2 : 0) + (isBuy ? 0 : 1))
      columns[1].append(Double(index) * 1_000_000)
      columns[2].append(isTrade ? middle : isBuy ? middle - away : middle + away)
      columns[3].append(isTrade ? 1 : level)
    }
    return columns.flatMap { $0 }
  }

  private static let epoch: Int64 = 1_700_000_000_000_000_000

  private static func tape(_ numbers: [Double], count: Int) -> BookTape {
    let kinds: [BookTape.Event.Kind] = [.bid, .ask, .bought, .sold]
    let events = (0..<count).map { row in
      let time = epoch + Int64(numbers[count + row])
      return BookTape.Event(
        time: time, knownAt: time + 500_000, kind: kinds[Int(numbers[row])],
        tick: Int32(numbers[2 * count + row]), quantity: Int64(numbers[3 * count + row]))
    }
    return BookTape(events, tickSize: Price(steps: Price.stepsPerUnit / 10))
  }

  private static func sums(_ fills: [BookFill]) -> [Double] {
    var (position, volume, cash): (Int64, Int64, Int64) = (0, 0, 0)
    for fill in fills {
      let signed = fill.side == .buy ? fill.quantity : -fill.quantity
      position += signed
      volume += fill.quantity
      cash -= signed * Int64(fill.tick)
    }
    return [Double(fills.count), Double(position), Double(volume), Double(cash) / 10]
  }
}

/// Takes its orders back and quotes two ticks outside the best prices, one unit a side.
private struct Quoting: BookStrategy {
  mutating func wake(_ desk: inout BookDesk) {
    guard let bid = desk.book.bestBid, let ask = desk.book.bestAsk else { return }
    desk.cancelAll()
    desk.quote(.buy, at: bid - 2, 1)
    desk.quote(.sell, at: ask + 2, 1)
  }
}
