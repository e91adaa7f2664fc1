import Numerics
import Runtime

/// The Sharpe ratios of a sweep over two of its parameters, as far as an eye can tell them apart: where
/// neighbouring values share a cell, and where other parameters vary, the cell has their median. A ridge
/// that many neighbours share shows; a lucky single setting does not.
struct SweepMap {
  var rowKey: String
  var columnKey: String?
  var rowLabels: [String]
  var columnLabels: [String]
  /// Of a year; missing where nothing was tried or nothing moved.
  var cells: [[Double]]

  /// - Parameter most: rows and columns at most
  init(_ result: SweepResult, most: (rows: Int, columns: Int)) {
    let axes = result.grid.axes.filter { $0.values.count > 1 }
    let rowAxis = axes.first ?? result.grid.axes[0]
    let columnAxis = axes.count > 1 ? axes[1] : nil
    let rows = Self.groups(rowAxis, most.rows)
    let columns = columnAxis.map { Self.groups($0, most.columns) }
    rowKey = rowAxis.key
    columnKey = columnAxis?.key
    rowLabels = rows.labels
    columnLabels = columns?.labels ?? ["Sharpe ratio"]
    var ratios = Array(
      repeating: [[Double]](repeating: [], count: columnLabels.count), count: rowLabels.count)
    for (setting, outcome) in zip(result.grid.settings, result.outcomes) {
      guard let sharpe = outcome.sharpe, let row = rows.group[setting[rowAxis.key]] else {
        continue
      }
      let column = columnAxis.map { columns?.group[setting[$0.key]] ?? 0 } ?? 0
      ratios[row][column].append(sharpe)
    }
    cells = ratios.map { $0.map(Self.median) }
  }

  private static func groups(
    _ axis: SweepGrid.Axis, _ most: Int
  ) -> (labels: [String], group: [Double: Int]) {
    let values = axis.values.sorted()
    let count = min(most, values.count)
    var group: [Double: Int] = [:]
    var labels: [String] = []
    for place in 0..<count {
      let range = place * values.count / count..<(place + 1) * values.count / count
      for value in values[range] { group[value] = place }
      let (first, last) = (text(values[range.lowerBound]), text(values[range.upperBound - 1]))
      labels.append(first == last ? first : "\(first)–\(last)")
    }
    return (labels, group)
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private var finite: [Double] { cells.joined().filter(\.isFinite) }

  var chart: HeatChart {
    let reach = finite.reduce(0) { max($0, abs($1)) }
    return HeatChart(
      title: "Sharpe ratio by \(rowKey)" + (columnKey.map { " and \($0)" } ?? ""),
      caption: "Rows are \(rowKey)" + (columnKey.map { ", columns \($0)" } ?? "")
        + "; ratios of a year after costs, the median where a cell stands for several settings. "
        + "Trust a wide patch of one colour rather than its brightest cell.",
      columns: columnLabels, rows: zip(rowLabels, cells).map { HeatChart.Row($0, $1) },
      full: max(reach, 0.1), showsNumbers: columnLabels.count <= 12)
  }

  /// Lines of letters, the darker the better, with the range that they stand for.
  func text(isUTF8: Bool) -> String {
    let shades: [Character] = isUTF8 ? ["·", "░", "▒", "▓", "█"] : [".", ":", "+", "#", "@"]
    guard let low = finite.min(), let high = finite.max() else { return "nothing moved" }
    let width = rowLabels.map(\.count).max() ?? 0
    let lines = zip(rowLabels, cells).map { label, row in
      let shown = row.map { value -> String in
        guard value.isFinite else { return "  " }
        let part = high > low ? (value - low) / (high - low) : 1
        return String(repeating: shades[min(shades.count - 1, Int(part * 5))], count: 2)
      }
      return String(repeating: " ", count: width - label.count) + label + " " + shown.joined()
    }
    let across = columnKey.map { ", \($0) \(columnLabels[0]) to \(columnLabels.last ?? "") across" }
    let legend =
      "\(rowKey) down\(across ?? ""); Sharpe ratio \(shades[0]) \(NumberText.ratio(low)) to "
      + "\(shades[4]) \(NumberText.ratio(high))"
    let text = (lines + [legend]).joined(separator: "\n")
    return isUTF8 ? text : text.replacing("–", with: "-")
  }
}
