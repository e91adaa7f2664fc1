import Runtime

// What a person looks at first: every model at every horizon beside what takes no learning.
extension ExperimentReport {
  var charts: [Page.Block] {
    [
      losses(
        "error", title: "Accuracy of each model, beside the commonest class",
        horizontal: "accuracy", path: ["accuracy"], better: "right"
      ) { 1 - $0 },
      losses(
        "log_loss", title: "Log-loss of each model, beside the shares of the classes",
        horizontal: "log-loss", path: ["log_loss"], better: "left"
      ) { $0 },
      losses(
        "squared", title: "Squared error of each model, beside the mean change",
        horizontal: "mean squared error", path: ["mse"], better: "left"
      ) { $0 },
      rankIC, sharpe,
    ].compactMap { $0.map(Page.Block.intervals) }
  }

  /// Horizon by horizon, so that those stand together that foresee the same.
  private func rows(
    _ row: (JSON, String) -> IntervalsChart.Row?
  ) -> [IntervalsChart.Row] {
    settings.horizons.flatMap { horizon in
      results.filter { $0.task.horizon == horizon }.compactMap { result in
        result.answer?["metrics"].flatMap { row($0, "\(result.task.model), \(horizon)") }
      }
    }
  }

  private static func interval(_ json: JSON?) -> ClosedRange<Double>? {
    guard let bounds = json?.elements?.compactMap(\.double), bounds.count == 2,
      bounds[0] <= bounds[1]
    else { return nil }
    return bounds[0]...bounds[1]
  }

  private static let words =
    "A row is a model and how many bars ahead it looks; lines are 95% intervals. "

  /// - Parameters:
  ///   - loss: by which the majority is compared
  ///   - figure: makes a loss the figure that is drawn
  private func losses(
    _ loss: String, title: String, horizontal: String, path: [String], better side: String,
    _ figure: (Double) -> Double
  ) -> IntervalsChart? {
    let rows = rows { metrics, label in
      guard let value = path.reduce(metrics, { $0?[$1] })?.double else { return nil }
      let other = metrics["baselines"]?.elements?.first {
        $0["baseline"]?.string == "majority" && $0["loss"]?.string == loss
      }?["other"]?.double
      return .init(
        label, value, interval: Self.interval(metrics["\(path[0])_interval"]),
        reference: other.map(figure))
    }
    guard !rows.isEmpty else { return nil }
    return IntervalsChart(
      title: title,
      caption: Self.words + "The grey stroke takes no learning; further to the \(side) is better.",
      horizontal: horizontal, reference: "without learning", rows: rows)
  }

  private var rankIC: IntervalsChart? {
    let rows = rows { metrics, label in
      metrics["rank_ic"]?.double.map {
        .init(label, $0, interval: Self.interval(metrics["rank_ic_interval"]))
      }
    }
    guard !rows.isEmpty else { return nil }
    return IntervalsChart(
      title: "Rank correlation of forecasts with what came",
      caption: Self.words + "An interval that holds zero is no skill beyond luck.",
      horizontal: "rank IC", rows: rows, hasZero: true)
  }

  private var sharpe: IntervalsChart? {
    let rows = rows { metrics, label in
      let trading = metrics["trading"]
      guard let own = trading?["model"]?["sharpe"]?.double,
        let held = trading?["equal_weight"]?["sharpe"]?.double
      else { return nil }
      return .init(
        label, own - held,
        interval: Self.interval(trading?["sharpe_difference_to_equal_weight"]))
    }
    guard !rows.isEmpty else { return nil }
    return IntervalsChart(
      title: "Sharpe ratio above that of all symbols held alike, after costs",
      caption: Self.words + "Left of zero, trading by the forecasts was worse than not looking.",
      horizontal: "difference of Sharpe ratios a year", rows: rows, decimals: 2, hasZero: true)
  }
}
