import Market
import Numerics
import Runtime

/// Quotes into one book: woken at equal distances, sees the book as it was known by then.
public protocol BookStrategy: Sendable {
  mutating func wake(_ desk: inout BookDesk)
}

/// What a strategy sees of a book, and through which it acts.
public struct BookDesk: Sendable {
  public struct OwnOrder: Hashable, Sendable, BitwiseCopyable {
    public enum State: UInt8, Sendable, BitwiseCopyable { case sent, working, cancelling }

    public var id: UInt64
    public var side: Side
    public var tick: Int32
    public var quantity: Int64
    public var state: State
  }

  public internal(set) var now: Int64
  /// As known here.
  public internal(set) var book: DepthLadder
  /// Orders that are not over, as far as is known here.
  public internal(set) var orders: [OwnOrder] = []
  /// Bought less sold, as far as is known here.
  public internal(set) var position: Int64 = 0
  var requests: [BookRequest] = []
  private var next: UInt64 = 1

  init(now: Int64, ticks: ClosedRange<Int32>) {
    self.now = now
    book = DepthLadder(ticks: ticks)
  }

  /// Sends an order that waits at its price; where it would cross the spread it is refused.
  @discardableResult
  public mutating func quote(_ side: Side, at tick: Int32, _ quantity: Int64) -> UInt64 {
    let id = next
    next += 1
    orders.append(
      OwnOrder(id: id, side: side, tick: tick, quantity: quantity, state: .sent))
    requests.append(.submit(id, side, tick, quantity))
    return id
  }

  /// Asks for a cancel of every order that is known to work.
  public mutating func cancelAll() {
    for place in orders.indices where orders[place].state == .working {
      orders[place].state = .cancelling
      requests.append(.cancel(orders[place].id))
    }
  }
}

/// On its way to the exchange.
enum BookRequest: Sendable {
  case submit(UInt64, Side, Int32, Int64)
  case cancel(UInt64)
}

/// Plays a tape past a strategy: orders take a time to reach the exchange and its answers one to come
/// back, and wait in queues there.
public struct BookReplay<S: BookStrategy>: Sendable {
  public struct Settings: Sendable {
    /// All in nanoseconds.
    public var interval: Int64 = 100_000_000
    public var orderDelay: Int64 = 1_000_000
    public var answerDelay: Int64 = 1_000_000
    public var queue = QueueModel.cautious
    public var fillsWhole = false

    public init() {}
  }

  private enum Answer: Sendable {
    case working(UInt64)
    case over(UInt64)
    case filled(BookFill)
  }

  public private(set) var strategy: S
  public private(set) var fills: [BookFill] = []
  private let settings: Settings
  private var matcher: BookMatcher
  private var desk: BookDesk
  private var requests: [(at: Int64, request: BookRequest)] = []
  private var answers: [(at: Int64, answer: Answer)] = []
  /// Events the exchange, and we, have seen.
  private var atExchange = 0
  private var atDesk = 0

  public init(_ strategy: S, ticks: ClosedRange<Int32>, settings: Settings = Settings()) {
    self.strategy = strategy
    self.settings = settings
    matcher = BookMatcher(ticks: ticks, queue: settings.queue, fillsWhole: settings.fillsWhole)
    desk = BookDesk(now: 0, ticks: ticks)
  }

  public mutating func run(_ tape: BookTape) {
    tape.events.withUnsafeBufferPointer { events in
      guard let first = events.first else { return }
      desk.now = first.time
      while atDesk < events.count || atExchange < events.count {
        let wake = desk.now + settings.interval
        pass(events, until: wake)
        desk.now = wake
        guard atDesk < events.count || atExchange < events.count else { break }
        strategy.wake(&desk)
        for request in desk.requests { requests.append((wake + settings.orderDelay, request)) }
        desk.requests.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Everything until `limit`, in the order of its time: what happens at one place does not depend on
  /// the other but through orders and answers.
  private mutating func pass(_ events: UnsafeBufferPointer<BookTape.Event>, until limit: Int64) {
    var done = 0
    while done < requests.count, requests[done].at <= limit {
      // At one instant the market is first.
      passExchange(events, until: requests[done].at)
      arrive(requests[done].request, at: requests[done].at)
      done += 1
    }
    if done > 0 { requests.removeFirst(done) }
    passExchange(events, until: limit)
    passDesk(events, until: limit)
    hear(until: limit)
  }

  private mutating func passExchange(
    _ events: UnsafeBufferPointer<BookTape.Event>, until limit: Int64
  ) {
    var index = atExchange
    while index < events.count {
      let event = events[index]
      guard event.time <= limit else { break }
      switch event.kind {
      case .bid: matcher.setBid(event.tick, event.quantity, at: event.time)
      case .ask: matcher.setAsk(event.tick, event.quantity, at: event.time)
      case .bought: matcher.tradeUp(event.tick, event.quantity, at: event.time)
      case .sold: matcher.tradeDown(event.tick, event.quantity, at: event.time)
      case .cleared: matcher.clear()
      }
      index += 1
    }
    atExchange = index
    if !matcher.fills.isEmpty { noteFills() }
  }

  private mutating func passDesk(
    _ events: UnsafeBufferPointer<BookTape.Event>, until limit: Int64
  ) {
    var index = atDesk
    while index < events.count {
      let event = events[index]
      guard event.knownAt <= limit else { break }
      switch event.kind {
      case .bid: desk.book.setBid(event.tick, event.quantity)
      case .ask: desk.book.setAsk(event.tick, event.quantity)
      case .bought, .sold: break
      case .cleared: desk.book.clear()
      }
      index += 1
    }
    atDesk = index
  }

  private mutating func noteFills() {
    for fill in matcher.takeFills() {
      fills.append(fill)
      answers.append((fill.time + settings.answerDelay, .filled(fill)))
    }
  }

  private mutating func arrive(_ request: BookRequest, at time: Int64) {
    let heard = time + settings.answerDelay
    switch request {
    case .submit(let id, let side, let tick, let quantity):
      switch matcher.submit(id, side, tick, quantity, onlyWaits: true, at: time) {
      case .queued: answers.append((heard, .working(id)))
      case .refused, .filled: answers.append((heard, .over(id)))
      }
    case .cancel(let id):
      if matcher.cancel(id) { answers.append((heard, .over(id))) }
    }
  }

  private mutating func hear(until limit: Int64) {
    var done = 0
    while done < answers.count, answers[done].at <= limit {
      switch answers[done].answer {
      case .working(let id):
        if let place = desk.orders.firstIndex(where: { $0.id == id && $0.state == .sent }) {
          desk.orders[place].state = .working
        }
      case .over(let id): desk.orders.removeAll { $0.id == id }
      case .filled(let fill): take(fill)
      }
      done += 1
    }
    if done > 0 { answers.removeFirst(done) }
  }

  private mutating func take(_ fill: BookFill) {
    desk.position += fill.side == .buy ? fill.quantity : -fill.quantity
    guard let place = desk.orders.firstIndex(where: { $0.id == fill.id }) else { return }
    desk.orders[place].quantity -= fill.quantity
    if desk.orders[place].quantity <= 0 { desk.orders.remove(at: place) }
  }
}
