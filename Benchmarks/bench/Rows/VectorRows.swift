import Foundation
import Market
import Numerics
import Trading

/// What `martinet sweep` trades without events, in exact money and whole shares, against a loop in numba
/// and against vectorbt, which have parts of shares. As there, the account's last value is the result;
/// what a sweep works out of every bar beside it is not in the time.
enum VectorRows {
  static let all: [Row] = [one, sweep, sweepVectorbt]

  private static func peer(_ name: String) -> PeerCase {
    PeerCase(name: name, group: "vectorbt", script: "moving_averages.py")
  }

  /// Whole shares leave a little in cash.
  private static func agreement(_ text: String) -> Agreement {
    Agreement(measure: .relative(floor: 1e-3), tolerance: 1e-4, text: text)
  }

  private static let one = Row(
    bench: "backtest", name: "vector_sma_1m", figure: NumericsRows.milliseconds, target: .ratio(1),
    peer: peer("numba"),
    agreement: agreement("the account's last value and the number of purchases"),
    limit: .bytes("8 bytes of closes read a bar", .read, perItem: 8), usesBLAS: false
  ) { size in
    let count = size == .full ? 1_000_000 : 1000
    let input = Input(name: "closes_1min", format: .float64, shape: [count]) { _, _ in
      MinuteBars(count: count).close.map(Double.init)
    }
    return Work(size: "\(count)", items: Double(count), inputs: [input]) { files in
      let runner = try runner(
        of: RawNumbers.read(files[0].path), grid: "fast=20,slow=50")
      // One run is one thread's, as the peer's.
      let pool = Pool(threads: 1)
      var run: [Double] = []
      return Prepared(
        run: {
          run = try runner.trades(of: runner.grid.settings, on: pool) { run in
            run.map { [growth($0), Double($0.purchases)] } ?? []
          }[0]
        },
        output: { run })
    }
  }

  private static let sweep = pairs("sweep_1035x39312", "numba", .ratio(2))
  private static let sweepVectorbt = pairs("sweep_1035x39312_vectorbt", "vectorbt", .ratio(200))

  /// Every pair of 46 lengths.
  private static func pairs(_ name: String, _ peer: String, _ target: Target) -> Row {
    Row(
      bench: "backtest", name: name, figure: NumericsRows.milliseconds, target: target,
      peer: Self.peer(peer), agreement: agreement("the account's last value of every pair"),
      limit: .operations(
        "4 operations a pair and bar (two differences, two products) / f64 FMA peak",
        Limits.Peak.multiplyAdd64
      ) { 4 * $0 },
      usesBLAS: false
    ) { size in
      let count = size == .full ? 39_312 : 400
      let input = Input(name: "closes_5min", format: .float64, shape: [count]) { _, _ in
        MinuteBars(count: count, volatility: 0.0012, start: 480).close.map(Double.init)
      }
      let pairs = lengths.count * (lengths.count - 1) / 2
      return Work(
        size: "\(pairs)x\(count)", items: Double(pairs * count), inputs: [input]
      ) { files in
        let list = lengths.map(String.init).joined(separator: "|")
        let runner = try runner(
          of: RawNumbers.read(files[0].path), grid: "fast=\(list),slow=\(list)")
        var ends: [Double] = []
        return Prepared(
          run: { ends = try runner.trades(of: runner.grid.settings) { $0.map(growth) ?? .nan } },
          output: { ends })
      }
    }
  }

  private static let lengths = Array(stride(from: 5, to: 97, by: 2))

  private static let capital: Int64 = 30_000_000

  private static func growth(_ run: VectorRun) -> Double {
    Double(run.finalEquity) / Double(capital)
  }

  /// Trades at the close that decides, for a basis point, with all of the account.
  private static func runner(
    of closes: [Double], grid text: String
  ) throws -> SweepRunner {
    let minute: Int64 = 60_000_000_000
    // What is decided at the last bar is traded by the peers, and here at a bar more.
    let closes = closes + closes.suffix(1)
    let starts = closes.indices.map { 1_600_000_000_000_000_000 + Int64($0) * minute }
    let ends = Column(starts.map { $0 + minute })
    // Cents over 256 are exact in binary as in decimal, and a share is a small part of the account.
    let prices = Column(closes.map { $0 / 256 })
    let frame = Frame(
      symbol: try Symbol(parsing: MinuteBars.symbolText), interval: .minute, start: Column(starts),
      end: ends, knownAt: ends,
      columns: [
        "open": prices, "high": prices, "low": prices, "close": prices,
        "volume": Column(repeating: .nan, count: closes.count),
      ])
    var settings = BacktestSettings()
    settings.initialCash = Cash(steps: capital * Cash.stepsPerUnit)
    (settings.halfSpreadBasisPoints, settings.commissionBasisPoints) = (0, 1)
    (settings.cashReserve, settings.fillsAtDecidingClose) = (0, true)
    settings.isContinuous = true
    let searched = Searchable(SMACross.self)
    let grid = try SweepGrid(parsing: text, of: searched, base: searched.standard, seed: 1)
    return try SweepRunner(frames: [frame], grid: grid, settings: settings)
  }
}
