import Market
import Numerics
import Runtime
import Trading

/// Every limit at once, on every order.
enum RiskGateRows {
  static let all: [Row] = [check]

  private static let instruments = 20
  private static let orders = 20_000

  /// One order that passes all the limits of real money: twenty instruments, of which eight are held, and
  /// ten orders that wait. Nothing is kept from one check to the next.
  private static let check = Row(
    bench: "backtest", name: "pretrade_check_ns",
    figure: .time(unit: "ns", perSecond: 1e9 / Double(orders)), target: .atMost(1000), peer: nil,
    agreement: Agreement(measure: .absolute, tolerance: 0, text: "nothing"),
    limit: .bytes(
      "20 positions with prices, 10 orders and 400 covariances and correlations read", .read,
      perItem: 20 * 40 + 10 * 256 + 400 * 16),
    usesBLAS: false
  ) { _ in
    let input = Input(name: "risk_gate_returns", format: .float64, shape: [61, instruments]) {
      stream, count in (0..<count).map { _ in stream.normal() }
    }
    return Work(size: "\(orders) orders", items: Double(orders), inputs: [input]) { files in
      let book = try GateBook(RawNumbers.read(files[0].path))
      var gate = book.gate
      var passed = 0
      return Prepared(
        run: {
          gate = book.gate
          passed = 0
          for (order, time) in book.asked {
            if case .approved = gate.review(order, of: book.account, at: time) { passed += 1 }
          }
          guard passed == orders else { throw BenchError.gateHeldBack(orders - passed) }
        }, output: { [Double(passed)] })
    }
  }

  /// The account, the gate and what it is asked.
  private struct GateBook {
    let account: Account
    let gate: RiskGate
    let asked: [(order: Order, at: Timestamp)]

    init(_ normals: [Double]) throws {
      var table = InstrumentTable()
      var limits = RiskLimits.production
      limits.sector.members = []
      for place in 0..<instruments {
        let symbol = try Symbol(parsing: "S\(place)")
        _ = table.add(try Instrument(symbol: symbol, venue: "NYSE"))
        limits.sector.members.append(SectorMember(symbol: symbol, sector: "sector \(place % 4)"))
      }
      limits.order.mostQuantity = Quantity(steps: 1_000_000 * Quantity.stepsPerUnit)
      limits.order.mostAmount = Cash(steps: 60_000 * Cash.stepsPerUnit)
      limits.position.mostAmount = Cash(steps: 60_000 * Cash.stepsPerUnit)
      let now = Timestamp(seconds: 1_700_000_000)
      account = try Self.account(table, at: now)
      var provenance = ProvenanceTable(running: Self.running)
      let id = provenance.add(Self.provenance(table, at: now), for: table)
      var gate = try RiskGate(
        limits, table, equity: Cash(steps: 1_000_000 * Cash.stepsPerUnit), zone: .newYork,
        provenance: provenance)
      var closes = [Double](repeating: 100, count: instruments)
      gate.learn(
        days: (0...60).map { day in
          for place in closes.indices {
            closes[place] *= 1 + 0.01 * normals[day * instruments + place]
          }
          return closes
        })
      self.gate = gate
      asked = (0..<orders).map { number in
        // As many a second as may be.
        let time = Timestamp(nanoseconds: now.nanoseconds + Int64(number) * 20_000_000)
        let intent = OrderIntent(
          .buy, Quantity(steps: Int64(505 + number % 47) * Quantity.stepsPerUnit),
          of: InstrumentID(8 + number % 12), type: .limit(Price(steps: 101 * Price.stepsPerUnit)),
          provenance: id, confidence: 0.9, intervalWidth: 0.01)
        return (
          Order(id: OrderID(UInt64(1000 + number)), intent: intent, createdAt: time), time
        )
      }
    }

    /// A million, two fifths of it in eight instruments, and ten small orders that wait.
    private static func account(_ table: InstrumentTable, at now: Timestamp) throws -> Account {
      var ledger = Ledger(table)
      try ledger.book(
        VenueBooking(
          id: ExecutionID(high: 0, low: 0), time: now, instrument: nil, currency: .base,
          kind: .deposit, cash: Cash(steps: 1_000_000 * Cash.stepsPerUnit)))
      let price = Price(steps: 100 * Price.stepsPerUnit)
      let lot = Quantity(steps: 500 * Quantity.stepsPerUnit)
      for place in 0..<8 {
        let order = Order(
          id: OrderID(UInt64(100 + place)),
          intent: OrderIntent(.buy, lot, of: InstrumentID(place)), createdAt: now)
        _ = try ledger.book(
          Fill(
            Execution(
              id: ExecutionID(order: order.id, cumulative: lot.steps), quantity: lot,
              cumulative: lot, price: price, reference: price, commission: .zero, reason: .venue),
            of: order, at: now))
      }
      let engine = Engine(
        strategy: TenOrders(), feed: QueueFeed(), venue: DeafVenue(), journal: NoJournal(),
        gate: RiskGate(),
        desk: Desk(
          account: Account(table, ledger),
          histories: (0..<table.count).map { BarHistory(of: InstrumentID($0)) },
          sizing: Sizing(share: Rate(steps: Rate.stepsPerUnit), costs: CostModel())))
      var account = try started(engine).desk.account
      for place in 0..<table.count { account.setMark(InstrumentID(place), price, at: now) }
      return account
    }

    private static func started<S, F, V, J>(
      _ engine: Engine<S, F, V, J>
    ) throws -> Engine<S, F, V, J> {
      var engine = engine
      try engine.start(
        RunHeader(
          startedAt: Timestamp(seconds: 1), seed: 1, settings: "", code: "", instruments: "",
          strategy: ""))
      return engine
    }

    private static let running = RunningSystem(
      strategy: "bench", features: SHA256.hash("features"), code: SHA256.hash("code"),
      interval: .day, artefacts: ["m": SHA256.hash("weights")])

    private static func provenance(_ table: InstrumentTable, at now: Timestamp) -> Provenance {
      let day = Timestamp.nanosecondsPerDay
      let trained = Timestamp(nanoseconds: now.nanoseconds - 5 * day)
      return Provenance(
        strategy: "bench",
        model: ModelCredentials(
          id: "m", artefact: SHA256.hash("weights"), trainedUntil: trained,
          features: SHA256.hash("features"), interval: .day,
          symbols: table.instruments.map(\.symbol),
          certificate: ModelCertificate(
            model: "m", artefact: SHA256.hash("weights"), features: SHA256.hash("features"),
            code: SHA256.hash("code"), trainedUntil: trained, isClean: true, issued: trained,
            expires: Timestamp(nanoseconds: now.nanoseconds + 30 * day))))
    }
  }

  /// Ten orders far from the market, which wait.
  private struct TenOrders: Strategy {
    let name = "ten orders"
    let warmUp = 0

    mutating func onStart(_ desk: inout Desk) {
      for place in 0..<10 {
        desk.submit(
          OrderIntent(
            place < 5 ? .buy : .sell, Quantity(steps: 10 * Quantity.stepsPerUnit),
            of: InstrumentID(place % 8), type: .limit(Price(steps: 100 * Price.stepsPerUnit)),
            timeInForce: .untilCancelled))
      }
    }
  }

  /// Says nothing.
  private struct DeafVenue: Venue {
    mutating func take(_ ticket: Ticket, into messages: inout [VenueMessage]) {}
    mutating func observe(_ batch: [MarketEvent], into messages: inout [VenueMessage]) {}
    var nextDue: Timestamp? { nil }
    mutating func advance(to now: Timestamp, into messages: inout [VenueMessage]) {}
  }
}
