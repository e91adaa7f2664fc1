import Evidence
import Numerics
import Runtime

/// Every figure of the catalogue in tables, with the reason where one has no value.
enum FigureTables {
  /// Thirty in a table, in the order of the catalogue.
  static func of(_ series: RunSeries) -> [Page.Table] {
    let values = MetricCatalogue.values(of: series)
    return stride(from: 0, to: values.count, by: 30).map { first in
      let part = values[first..<min(first + 30, values.count)]
      return Page.Table(
        caption: "\(part.first?.metric.title ?? "") to \(part.last?.metric.title ?? "")",
        columns: [
          .words("figure"), .numbers("value"), .words("computed as, or why there is none"),
        ],
        rows: part.map { metric, value in
          if case .undefined(let reason) = value {
            return [title(metric), NumberText.absent, reason]
          }
          return [title(metric), text(value, metric.unit), metric.formula]
        })
    }
  }

  /// With its unit, where its value does not show it.
  static func title(_ metric: Metric) -> String {
    switch metric.unit {
    case .days, .bars, .years: "\(metric.title), \(metric.unit.rawValue)"
    default: metric.title
    }
  }

  static func text(_ value: MetricValue, _ unit: Metric.Unit) -> String {
    switch value {
    case .undefined: return NumberText.absent
    case .date(let date): return date.description
    case .text(let text): return text
    case .number(let number):
      switch unit {
      case .percent: return NumberText.percent(number)
      case .ratio: return NumberText.ratio(number)
      case .money: return NumberText.fixed(number, decimals: 2)
      case .days where number == number.rounded(): return NumberText.fixed(number, decimals: 0)
      case .days, .years: return NumberText.fixed(number, decimals: 1)
      default: return NumberText.fixed(number, decimals: 0)
      }
    }
  }
}
