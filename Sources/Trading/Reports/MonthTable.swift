import Foundation
import Runtime

/// Returns of months and years, put together from those of days.
struct MonthTable {
  static let columns = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Year",
  ]
  private(set) var rows: [HeatChart.Row] = []
  private var months: [Double] = []

  init(_ days: [(day: CivilDate, value: Double)]) {
    var year: Int?
    var row = [Double](repeating: .nan, count: 13)
    func grown(_ value: Double, by change: Double) -> Double {
      ((value.isNaN ? 0 : value) + 1) * (1 + change) - 1
    }
    for (day, value) in days {
      let date = day.yearMonthDay
      if let last = year, last != date.year {
        close(last, row)
        row = [Double](repeating: .nan, count: 13)
      }
      year = date.year
      row[date.month - 1] = grown(row[date.month - 1], by: value)
      row[12] = grown(row[12], by: value)
    }
    if let year { close(year, row) }
  }

  private mutating func close(_ year: Int, _ row: [Double]) {
    rows.append(HeatChart.Row("\(year)", row))
    months += row.prefix(12).filter(\.isFinite)
  }

  var count: Int { months.count }
  var gained: Int { months.count { $0 > 0 } }

  /// The size at which a colour is full: that of the twentieth-largest month in a hundred.
  var full: Double {
    let sizes = months.map(abs).sorted()
    guard !sizes.isEmpty else { return 0.01 }
    return max(0.01, sizes[min(sizes.count - 1, sizes.count * 19 / 20)])
  }
}
