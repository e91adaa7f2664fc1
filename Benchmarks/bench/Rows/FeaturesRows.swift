import Features
import Foundation
import Market
import Numerics

/// The catalogue over many bars at once and bar by bar.
enum FeaturesRows {
  static let all: [Row] = [
    batch(
      "batch_93x393120", peer: peer("TA-Lib in Python", "talib_indicators.py"), needs: 3,
      shape: (10, 39_312), columns: Array(0..<93), text: allText),
    batch(
      "batch_93x393120_pandas", peer: peer("pandas", "frame_indicators.py"), needs: 8,
      shape: (10, 39_312), columns: shared, text: sharedText),
    batch(
      "batch_93x393120_polars", peer: peer("polars", "frame_indicators.py"), needs: 8,
      shape: (10, 39_312), columns: shared, text: sharedText),
    batch(
      "daily_93x2520", peer: peer("TA-Lib in Python", "talib_indicators.py"), needs: 8,
      shape: (10, 252), columns: Array(0..<93), text: allText),
    stream,
  ]

  private static func peer(_ name: String, _ script: String) -> PeerCase {
    PeerCase(name: name, group: "features", script: script)
  }

  private static let names = [
    "sma_5", "sma_10", "sma_20", "sma_50", "sma_100", "sma_200", "typprice", "roc_1", "roc_5",
    "roc_10", "roc_20", "mom_10", "min_20", "max_20", "log_return_1", "log_return_2",
    "log_return_3", "log_return_5", "log_return_10", "volume_ratio_20", "range_over_close",
  ]
  private static let shared = names.compactMap { name in
    TALib93.formulas.firstIndex { $0.about.name == name }
  }
  private static let allText =
    "all 93 columns of the ten symbols (CORREL with exact windows, as TA-Lib's loses digits)"
  private static let sharedText =
    "the 21 columns that both define alike; ours computes 93, the peer 61"

  /// Symbols in lanes, groups of them on threads; every column is written to memory.
  private static func batch(
    _ name: String, peer: PeerCase, needs ratio: Double, shape: (symbols: Int, bars: Int),
    columns: [Int], text: String
  ) -> Row {
    let figure = Figure.time(unit: "ms", perSecond: 1000)
    return Row(
      bench: "features", name: name, figure: figure, target: .ratio(ratio), peer: peer,
      agreement: Agreement(
        measure: .ofGreatestInRun(length: shape.bars), tolerance: 1e-9,
        text: text + ", each against its greatest"),
      limit: .bytes(
        "5 columns of 8 bytes read and 93 written", .copy, perItem: 8.0 * Double(5 + 93)),
      usesBLAS: false
    ) { size in
      let (symbols, bars) = size == .full ? shape : (2, 300)
      let input = Input(name: "bars_walk", format: .float64, shape: [symbols, 5, bars]) {
        stream, _ in
        (0..<symbols).flatMap { RandomBars.columns(count: bars, symbol: $0, &stream) }
      }
      return Work(
        size: "93x\(symbols * bars)", items: Double(symbols * bars), inputs: [input]
      ) { files in
        let work = try BatchWork(files[0], symbols: symbols, bars: bars)
        return Prepared(run: work.batch.run, output: { work.output(columns) })
      }
    }
  }

  private static let streamedBars = 1000

  /// A thousand bars of one symbol, each of which gives 93 values.
  private static let stream = Row(
    bench: "features", name: "stream_93_us",
    figure: .time(unit: "us", perSecond: 1e6 / Double(streamedBars)), target: .atMost(5),
    peer: nil,
    agreement: Agreement(measure: .absolute, tolerance: 0, text: "nothing"),
    limit: .bytes("5 numbers of 8 bytes read and 93 written a bar", .copy, perItem: 8 * (5 + 93)),
    usesBLAS: false
  ) { _ in
    let input = Input(name: "bars_streamed", format: .float64, shape: [1, 5, streamedBars]) {
      stream, _ in RandomBars.columns(count: streamedBars, symbol: 0, &stream)
    }
    return Work(
      size: "93x\(streamedBars)", items: Double(streamedBars), inputs: [input]
    ) { files in
      let numbers: [Double] = try RawNumbers.read(files[0].path)
      let stream = PlanStream(FeaturePlan(TALib93.formulas.map(\.expression)))
      let order = stream.plan.inputs.compactMap { RandomBars.names.firstIndex(of: $0) }
      let rows = (0..<streamedBars).map { row in order.map { numbers[$0 * streamedBars + row] } }
      return Prepared(
        run: { for row in rows { stream.update(row.span) } }, output: { stream.values })
    }
  }
}

/// Our side of a batch row.
private struct BatchWork {
  let batch: FeatureBatch
  let table: FeatureTable

  init(_ file: InputFile, symbols: Int, bars: Int) throws {
    let numbers: [Double] = try RawNumbers.read(file.path)
    let plan = FeaturePlan(TALib93.formulas.map(\.expression))
    let columns = (0..<symbols).map { symbol in
      plan.inputs.compactMap { RandomBars.names.firstIndex(of: $0) }.map { input in
        let start = (symbol * 5 + input) * bars
        return Column(numbers[start..<start + bars])
      }
    }
    table = FeatureTable(
      counts: [Int](repeating: bars, count: symbols), outputCount: plan.outputCount)
    batch = FeatureBatch(plan, columns: columns, into: table)
  }

  /// Symbol after symbol, the given columns of each.
  func output(_ columns: [Int]) -> [Double] {
    table.counts.indices.flatMap { symbol in
      columns.flatMap { Array(table.values(symbol: symbol, output: $0)) }
    }
  }
}

/// Bars of a random walk whose volatility comes in clusters.
///
/// Prices are not rounded to cents: whether two typical prices are equal, or five strengths in a row
/// stood still, would be decided by the last bit, differently on both sides.
private enum RandomBars {
  static let names = ["open", "high", "low", "close", "volume"]
  private static let prices = [480.0, 160, 700, 105, 35, 140, 900, 85, 820, 60]

  static func columns(count: Int, symbol: Int, _ stream: inout RandomStream) -> [Double] {
    var columns = [[Double]](repeating: [], count: 5)
    var close = prices[symbol % prices.count]
    var heat = 0.0
    for _ in 0..<count {
      heat = 0.98 * heat + 0.15 * stream.normal()
      let volatility = 0.0012 * exp(heat - 0.2)
      let open = close * exp(0.1 * volatility * stream.normal())
      let change = volatility * stream.normal()
      close *= exp(change)
      let reach = (stream.normal().magnitude, stream.normal().magnitude)
      let bar = [
        open, max(open, close) * exp(0.4 * volatility * reach.0),
        min(open, close) * exp(-0.4 * volatility * reach.1), close,
      ]
      for (column, price) in bar.enumerated() {
        columns[column].append(Double(Float(price)))
      }
      columns[4].append((1e5 * exp(0.5 * stream.normal() + 400 * change.magnitude)).rounded())
    }
    return columns.flatMap { $0 }
  }
}
