import Numerics
import Trading

/// Crosses of averages without events, against a loop in numba and against vectorbt.
enum VectorRows {
  static let all: [Row] = [one, sweep, sweepVectorbt]

  private static let fee = 0.001

  private static func peer(_ name: String) -> PeerCase {
    PeerCase(name: name, group: "vectorbt", script: "moving_averages.py")
  }

  private static func agreement(_ text: String) -> Agreement {
    Agreement(measure: .relative(floor: 1e-3), tolerance: 1e-9, text: text)
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
      let closes: [Double] = try RawNumbers.read(files[0].path)
      var growth: QuickCross.Growth?
      return Prepared(
        run: { growth = QuickCross(closes: closes, fee: fee).growth(fast: 20, slow: 50) },
        output: { growth.map { [$0.value, Double($0.trades)] } ?? [] })
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
      let lengths = Array(stride(from: 5, to: 97, by: 2))
      let pairs = lengths.enumerated().flatMap { index, fast in
        lengths[(index + 1)...].map { (fast: fast, slow: $0) }
      }
      return Work(
        size: "\(pairs.count)x\(count)", items: Double(pairs.count * count), inputs: [input]
      ) { files in
        let closes: [Double] = try RawNumbers.read(files[0].path)
        let cross = QuickCross(closes: closes, fee: fee)
        var growth: [QuickCross.Growth] = []
        return Prepared(
          run: { growth = cross.growth(of: pairs) }, output: { growth.map(\.value) })
      }
    }
  }
}
