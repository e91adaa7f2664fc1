extension PublishedTable {
  /// The forecast that Chronos is compared with on exchange rates: the last five values again and
  /// again, over the last 30 rows.
  static let seasonalNaive = PublishedTable(
    key: "seasonal_naive", title: "Seasonal naive on exchange rates (Chronos, zero-shot results)",
    lesson: "Our file is theirs: both figures are those of their result file",
    files: [ForecastingSeries.Name.exchange.file]
  ) { folder in
    let name = ForecastingSeries.Name.exchange
    let columns = try ForecastingSeries.columns(name, "\(folder)/\(name.file)")
    let (season, horizon) = (5, 30)
    var (scaled, errors, sizes) = (0.0, 0.0, 0.0)
    for values in columns {
      let known = values.count - horizon
      guard known > 2 * season else {
        throw PublishedFileError(path: "\(folder)/\(name.file)", finding: "has only \(known) rows")
      }
      let lagged = (season..<known).reduce(0) { $0 + (values[$1] - values[$1 - season]).magnitude }
      let scale = lagged / Double(known - season)
      let error = (0..<horizon).reduce(0) {
        $0 + (values[known + $1] - values[known - season + $1 % season]).magnitude
      }
      scaled += error / Double(horizon) / scale
      errors += error
      sizes += values[known...].reduce(0) { $0 + $1.magnitude }
    }
    return [
      PublishedCell(
        "seasonal_naive", "MASE", scaled / Double(columns.count),
        published: 1.740_182_428_695_412_8,
        tolerance: 1e-6),
      // All nine quantiles are the point, so that their mean pinball loss is half the error.
      PublishedCell(
        "seasonal_naive", "WQL", errors / sizes, published: 0.012_984_140_675_991_3,
        tolerance: 1e-6),
    ]
  }
}
