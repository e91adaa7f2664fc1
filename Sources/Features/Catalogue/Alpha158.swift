/// The 158 factors that Microsoft's Qlib publishes, with its names.
///
/// Qlib gives values from the first bars on, over the part of a window that is there; ours are missing
/// until a window is full, and equal Qlib's from then on.
enum Alpha158 {
  private static let open = Expression.open
  private static let high = Expression.high
  private static let low = Expression.low
  private static let close = Expression.close
  private static let volume = Expression.volume
  private static let tiny: Expression = 1e-12

  /// In Qlib's order: all widths of one factor, then the next.
  static let all: [Formula] = {
    let widths = [5, 10, 20, 30, 60].map { ofPrices($0) + ofPlaces($0) + ofChanges($0) }
    return bars + prices + widths[0].indices.flatMap { factor in widths.map { $0[factor] } }
  }()

  private static func factor(
    _ name: String, _ width: Int? = nil, _ family: FeatureDescription.Family, _ words: String,
    _ value: Expression
  ) -> Formula {
    let about = FeatureDescription(
      name: name + (width.map { "\($0)" } ?? ""), formula: "qlib_" + name.lowercased(),
      parameters: width.map { [.init("n", Double($0))] } ?? [], lookBack: value.lookBack,
      family: family, unit: .ratio, documentation: words)
    return Formula(about: about, expression: value)
  }

  private static let bars: [Formula] = {
    let (range, top, floor) = (
      high - low, Expression.greater(open, close), Expression.lesser(open, close)
    )
    func pair(_ name: String, _ words: String, _ value: Expression) -> [Formula] {
      [
        factor(name, nil, .priceAction, words + " over the open.", value / open),
        factor(name + "2", nil, .priceAction, words + " over the range.", value / (range + tiny)),
      ]
    }
    let body = pair("KMID", "Close less open", close - open)
    let length = factor("KLEN", nil, .priceAction, "High less low over the open.", range / open)
    return [body[0], length, body[1]] + pair("KUP", "High above the body", high - top)
      + pair("KLOW", "Body above the low", floor - low)
      + pair("KSFT", "Twice the close less high and low", 2 * close - high - low)
  }()

  private static let prices: [Formula] = [
    factor("OPEN0", nil, .priceAction, "Open over close.", open / close),
    factor("HIGH0", nil, .priceAction, "High over close.", high / close),
    factor("LOW0", nil, .priceAction, "Low over close.", low / close),
    factor(
      "VWAP0", nil, .priceAction,
      "Volume-weighted mean price over close; missing where the bars have no vwap.",
      .column("vwap") / close),
  ]

  private static func ofPrices(_ n: Int) -> [Formula] {
    let end = close.window(.lineEnd, n)
    return [
      factor("ROC", n, .momentum, "Close of n bars ago over the close.", close.lag(n) / close),
      factor("MA", n, .trend, "Mean of n closes over the close.", close.mean(n) / close),
      factor(
        "STD", n, .volatility, "Deviation (of the sample) of n closes over the close.",
        close.deviation(n, .sample) / close),
      factor(
        "BETA", n, .trend, "Slope of the line through n closes over the close.",
        close.window(.slope, n) / close),
      factor(
        "RSQR", n, .trend, "Share of the variance of n closes that a line explains.",
        close.window(.lineFit, n)),
      factor(
        "RESI", n, .trend, "Close less that line's end, over the close.", (close - end) / close),
      factor("MAX", n, .trend, "Highest high of n over the close.", high.greatest(n) / close),
      factor("MIN", n, .trend, "Lowest low of n over the close.", low.least(n) / close),
      factor(
        "QTLU", n, .statistical, "Upper quintile of n closes over the close.",
        close.window(.quantile(0.8), n) / close),
      factor(
        "QTLD", n, .statistical, "Lower quintile of n closes over the close.",
        close.window(.quantile(0.2), n) / close),
    ]
  }

  private static func ofPlaces(_ n: Int) -> [Formula] {
    let (top, floor) = (high.greatest(n), low.least(n))
    let (toTop, toFloor) = (
      high.window(.barsSinceFirstGreatest, n), low.window(.barsSinceFirstLeast, n)
    )
    let width = Expression.constant(Double(n))
    return [
      factor("RANK", n, .statistical, "Rank of the close among n.", close.window(.rank, n)),
      factor(
        "RSV", n, .momentum, "Where the close stands in the range of n.",
        (close - floor) / (top - floor + tiny)),
      factor(
        "IMAX", n, .momentum, "Place of the highest high among n, the oldest first.",
        (width - toTop) / width),
      factor(
        "IMIN", n, .momentum, "Place of the lowest low among n, the oldest first.",
        (width - toFloor) / width),
      factor("IMXD", n, .momentum, "IMAX less IMIN.", (toFloor - toTop) / width),
      factor(
        "CORR", n, .volume, "Correlation of n closes with the logarithm of volume.",
        close.correlation((volume + 1).logarithm, n)),
      factor(
        "CORD", n, .volume, "Correlation of n changes of the close with those of volume.",
        (close / close.lag(1)).correlation((volume / volume.lag(1) + 1).logarithm, n)),
    ]
  }

  private static func ofChanges(_ n: Int) -> [Formula] {
    let change = (close / close.lag(1) - 1).magnitude * volume
    let (rises, falls) = (close > close.lag(1), close < close.lag(1))
    return [
      factor("CNTP", n, .momentum, "Share of n bars that rose.", rises.mean(n)),
      factor("CNTN", n, .momentum, "Share of n bars that fell.", falls.mean(n)),
      factor("CNTD", n, .momentum, "CNTP less CNTN.", rises.mean(n) - falls.mean(n)),
    ] + sums("SUM", n, of: close, .momentum, "closes") + [
      factor(
        "VMA", n, .volume, "Mean of n volumes over the volume.", volume.mean(n) / (volume + tiny)),
      factor(
        "VSTD", n, .volume, "Deviation (of the sample) of n volumes over the volume.",
        volume.deviation(n, .sample) / (volume + tiny)),
      factor(
        "WVMA", n, .volume, "Deviation over mean of n changes weighed by volume.",
        change.deviation(n, .sample) / (change.mean(n) + tiny)),
    ] + sums("VSUM", n, of: volume, .volume, "volumes")
  }

  private static func sums(
    _ name: String, _ n: Int, of x: Expression, _ family: FeatureDescription.Family,
    _ words: String
  ) -> [Formula] {
    let (up, down) = (Expression.greater(x.change(), 0), Expression.greater(-x.change(), 0))
    let all = x.change().magnitude.sum(n) + tiny
    return [
      factor(name + "P", n, family, "Rises of n \(words) over all changes.", up.sum(n) / all),
      factor(name + "N", n, family, "Falls of n \(words) over all changes.", down.sum(n) / all),
      factor(
        name + "D", n, family, "Rises less falls of n \(words) over all changes.",
        (up.sum(n) - down.sum(n)) / all),
    ]
  }
}
