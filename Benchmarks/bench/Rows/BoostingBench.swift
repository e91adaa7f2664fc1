import Foundation
import Models
import Numerics
import Runtime

/// XGBoost and LightGBM on a table of 107 features and three classes: growing 200 rounds, predicting
/// all rows that were held out, and one.
///
/// Training is the libraries' own work on both sides, reached through their C interface on ours.
/// Predictions are ours against theirs, of the same model file.
enum BoostingBench {
  static let all: [Row] = Library.allCases.flatMap { [training($0), batch($0), row($0)] }

  enum Library: String, CaseIterable {
    case xgboost, lightgbm

    var title: String { self == .xgboost ? "XGBoost" : "LightGBM" }
    var settings: [(String, String)] {
      switch self {
      case .xgboost:
        [
          ("objective", "multi:softprob"), ("num_class", "3"), ("tree_method", "hist"),
          ("max_depth", "6"), ("eta", "0.1"), ("seed", "1"),
        ]
      case .lightgbm:
        [
          ("objective", "multiclass"), ("num_class", "3"), ("max_bin", "255"),
          ("num_leaves", "31"), ("learning_rate", "0.1"), ("seed", "1"),
        ]
      }
    }

    func train(_ rows: BoostingRows, rounds: Int, threads: Int) throws -> [UInt8] {
      let plan = BoostingPlan(rounds: rounds, threads: threads)
      return switch self {
      case .xgboost: try XGBoostTraining.model(settings, bins: 256, plan: plan, train: rows)
      case .lightgbm: Array(try LightGBMTraining.model(settings, plan: plan, train: rows).utf8)
      }
    }

    func read(_ bytes: [UInt8], _ path: String) throws -> TreeModel {
      switch self {
      case .xgboost: try TreeModel(xgboost: bytes, source: path)
      case .lightgbm: try TreeModel(lightgbm: bytes, source: path)
      }
    }
  }

  private static func peer(_ library: Library) -> PeerCase {
    PeerCase(name: library.title, group: "boosting", script: "boosting.py")
  }

  private static let predictions = Agreement(
    measure: .absolute, tolerance: 1e-6, text: "every probability")

  private static func training(_ library: Library) -> Row {
    Row(
      bench: "boosting", name: "\(library)_train",
      figure: .time(unit: "s", perSecond: 1), target: .ratio(0.97), peer: peer(library),
      agreement: Agreement(
        measure: .absolute, tolerance: 5e-5, text: "the accuracy on the rows held out"),
      limit: .bytes(
        "every tree reads every value's bin, a byte, once", .read,
        perItem: 1), usesBLAS: false
    ) { size in
      let table = Table(size)
      return Work(
        size: "\(table.trainRows)x\(Table.width), \(table.rounds) rounds",
        items: Double(table.trainRows * Table.width * table.trees), inputs: table.inputs
      ) { files in
        let (train, held) = try table.read(files)
        var model: [UInt8] = []
        return Prepared(
          run: {
            model = try library.train(train, rounds: table.rounds, threads: Cores.budget.count)
          },
          output: {
            let found = try library.read(model, "the model").predict(held.numbers)
            return [Table.accuracy(found, held.labels)]
          })
      }
    }
  }

  private static func batch(_ library: Library) -> Row {
    Row(
      bench: "boosting", name: "\(library)_predict",
      figure: .rate(unit: "k rows/s", perItem: 1e-3), target: .ratio(2), peer: peer(library),
      agreement: predictions,
      limit: .operations(
        "12 bytes read a step, of a node and a value, 5 steps a tree / L1 read bandwidth",
        { .bandwidth(.l1, .read, threads: $0) }, { $0 * 12 * 5 * 600 }), usesBLAS: false
    ) { size in
      let table = Table(size)
      return Work(
        size: "\(table.heldRows)x\(Table.width), \(table.trees) trees",
        items: Double(table.heldRows), inputs: table.inputs + [table.model(of: library)]
      ) { files in
        let held = try table.read(files).held
        let model = try library.read(
          Array(Data(contentsOf: URL(fileURLWithPath: files[2].path))), files[2].path)
        var result: [Double] = []
        return Prepared(
          run: { result = try model.predict(held.numbers) }, output: { result })
      }
    }
  }

  private static func row(_ library: Library) -> Row {
    Row(
      bench: "boosting", name: "\(library)_row",
      figure: .time(unit: "us", perSecond: 1e6), target: .ratio(8), peer: peer(library),
      agreement: predictions,
      limit: .operations(
        "8 bytes read a step, of a node, 5 steps a tree / L2 read bandwidth",
        { _ in .bandwidth(.l2, .read, threads: 1) }, { $0 * 8 * 5 }), usesBLAS: false
    ) { size in
      let table = Table(size)
      return Work(
        size: "1x\(Table.width), \(table.trees) trees", items: Double(table.trees),
        inputs: table.inputs + [table.model(of: library)]
      ) { files in
        let row = Array(try table.read(files).held.numbers.prefix(Table.width))
        let model = try library.read(
          Array(Data(contentsOf: URL(fileURLWithPath: files[2].path))), files[2].path)
        var result = [Double](repeating: 0, count: model.outputs)
        return Prepared(
          run: {
            try row.withUnsafeBufferPointer { row in
              try result.withUnsafeMutableBufferPointer { try model.predict(row: row, into: $0) }
            }
          }, output: { result })
      }
    }
  }

  /// The table, of which the last rows are held out.
  private struct Table: Sendable {
    static let width = 107
    let trainRows: Int
    let heldRows: Int
    let rounds: Int
    var rows: Int { trainRows + heldRows }
    var trees: Int { 3 * rounds }

    init(_ size: WorkSize) {
      (trainRows, heldRows, rounds) = size == .full ? (87_094, 18_591, 200) : (900, 200, 5)
    }

    var inputs: [Input] {
      let rows = rows
      return [
        Input(name: "boosting_features", format: .float32, shape: [rows, Self.width]) { _, _ in
          Self.features(rows)
        },
        Input(name: "boosting_labels", format: .float32, shape: [rows]) { stream, count in
          Self.labels(Self.features(rows), noise: (0..<count).map { _ in stream.normal() })
        },
      ]
    }

    /// Normal numbers, those of the later features in coarse steps as indicators are.
    private static func features(_ rows: Int) -> [Double] {
      var stream = RandomStream(seed: Input.seed, purpose: "boosting_table")
      return (0..<rows * width).map { i in
        let value = stream.normal()
        // The same numbers for labels as the file has for both sides.
        return i % width < 60 ? Double(Float(value)) : (value * 4).rounded() / 4
      }
    }

    /// Thirds of a sum of lines, a product, a wave and a step, with as much noise.
    private static func labels(_ x: [Double], noise: [Double]) -> [Double] {
      let scores = noise.indices.map { row in
        let r = x[row * width..<(row + 1) * width]
        let (a, b, c, d) = (
          r[r.startIndex], r[r.startIndex + 1], r[r.startIndex + 2], r[r.startIndex + 3]
        )
        let step = r[r.startIndex + 4] > 0.5 ? 0.3 : 0
        return 0.8 * a + 0.6 * b * c + 0.5 * sin(2 * d) + 0.4 * r[r.startIndex + 61] + step
          + noise[row]
      }
      let sorted = scores.sorted()
      let (low, high) = (sorted[sorted.count * 33 / 100], sorted[sorted.count * 67 / 100])
      return scores.map { ($0 > low ? 1 : 0) + ($0 > high ? 1 : 0) }
    }

    /// A model that both sides read.
    func model(of library: Library) -> Input {
      Input(
        name: "boosting_\(library)-\(rows)x\(rounds)",
        ending: library == .xgboost ? "ubj" : "txt"
      ) { path in
        let x = Self.features(rows)
        var stream = RandomStream(seed: Input.seed, purpose: "boosting_labels")
        let y = Self.labels(x, noise: (0..<rows).map { _ in stream.normal() })
        let train = BoostingRows(
          x.prefix(trainRows * Self.width).map { Float($0) }, width: Self.width,
          labels: y.prefix(trainRows).map { Float($0) })
        let bytes = try library.train(train, rounds: rounds, threads: Cores.budget.count)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
      }
    }

    func read(_ files: [InputFile]) throws -> (train: BoostingRows, held: BoostingRows) {
      let x: [Float] = try RawNumbers.read(files[0].path)
      let y: [Float] = try RawNumbers.read(files[1].path)
      let cut = trainRows * Self.width
      return (
        BoostingRows(Array(x.prefix(cut)), width: Self.width, labels: Array(y.prefix(trainRows))),
        BoostingRows(
          Array(x.dropFirst(cut)), width: Self.width, labels: Array(y.dropFirst(trainRows)))
      )
    }

    static func accuracy(_ probabilities: [Double], _ labels: [Float]) -> Double {
      let right = labels.indices.count { row in
        let three = probabilities[3 * row..<3 * row + 3]
        guard let best = three.indices.max(by: { three[$0] < three[$1] }) else { return false }
        return best - 3 * row == Int(labels[row])
      }
      return Double(right) / Double(labels.count)
    }
  }
}
