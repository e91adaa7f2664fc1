import Evidence
import Features
import Runtime

/// The page of a run, and the drawings that lie beside it.
struct RunPage {
  let report: RunReport
  let name: String

  private var test: Evaluation { report.judged.test }
  private var validation: Evaluation { report.judged.validation }

  /// Names and SVG of the files in `plots/`.
  var drawings: [(name: String, svg: String)] {
    var all: [(String, String)] = []
    if let chart = losses { all.append(("loss", chart.standalone())) }
    if let chart = reliability { all.append(("reliability", chart.standalone())) }
    if let chart = equityPlot { all.append(("equity", chart.standalone())) }
    return all
  }

  var page: Page {
    var blocks: [Page.Block] = [.facts(facts), .verdict(verdict), .figures(figures)]
    if let equity { blocks += [.heading("Traded after costs"), .chart(equity)] }
    blocks += [.heading("Against forecasts that take no learning"), .table(baselines)]
    if let losses { blocks += [.heading("How it learned"), .plot(losses)] }
    if let reliability {
      blocks += [.heading("How sure it may be"), .plot(reliability)]
    }
    if let coverage { blocks.append(.table(coverage)) }
    if let confusion { blocks += [.heading("What was taken for what"), .heat(confusion)] }
    if !report.mostImportant.isEmpty {
      blocks += [.heading("What it goes by"), .table(importance)]
    }
    if let sanity = report.sanity {
      blocks += [.heading("The ladder of sanity"), .table(Self.table(of: sanity))]
    }
    blocks += [.heading("How this was made"), .text(method), .table(settings)]
    return Page(
      title: "\(report.kind.name), \(report.request.horizon) bars ahead", blocks: blocks)
  }

  private var facts: [Page.Fact] {
    let times = test.times
    func day(_ nanoseconds: Int64?) -> String {
      nanoseconds.map { Timestamp(nanoseconds: $0).utcDate.description } ?? "?"
    }
    return [
      .init("Run", name), .init("Model", report.kind.card.summary),
      .init("Data", report.request.data),
      .init(
        "Features", "\(report.artefact.features.count), \(report.artefact.steps) rows a sample"),
      .init("Trained to", report.artefact.trainedTo.utcDate.description),
      .init(
        "Tested", "\(day(times.first)) to \(day(times.last)), \(NumberText.count(test.count)) rows"),
      .init(
        "Costs",
        "half spread \(NumberText.ratio(report.request.halfSpread)) bp, commission "
          + "\(NumberText.ratio(report.request.commission)) bp"),
      .init("Seed", "\(report.request.seed)"),
      .init("Model id", String(report.artefact.id.prefix(16))),
      .init(
        "Certificate",
        report.set.source.manifest["certificate"]?["verdict"]?.string ?? "none: nothing was proved"),
    ]
  }

  private var verdict: String {
    guard let sanity = report.sanity else {
      return test.verdict + " The ladder of sanity was not climbed: do not rely on this."
    }
    guard sanity.isSane else {
      return
        "Not to be relied on: of the ladder of sanity it fell off \(sanity.failed.joined(separator: ", "))."
    }
    return test.verdict
  }

  private var figures: [Page.Figure] {
    func figure(_ name: String, _ value: Double?, _ range: ClosedRange<Double>?, _ note: String)
      -> Page.Figure
    {
      guard let value, !value.isNaN else {
        return .init(name, "", missing: test.tradingSilence ?? "there is none")
      }
      return .init(
        name, NumberText.ratio(value, decimals: 3),
        interval: range.map {
          "\(NumberText.ratio($0.lowerBound, decimals: 3)) … "
            + NumberText.ratio($0.upperBound, decimals: 3)
        }, note: note)
    }
    let run = test.trading?.run
    func number(_ key: String) -> Double? { run.flatMap { MetricCatalogue.number(key, of: $0) } }
    let first: [Page.Figure] =
      if let classes = test.classes {
        [
          figure(
            "Accuracy", classes.accuracy, test.classIntervals?.accuracy, "of the likeliest class"),
          figure("Log-loss", classes.logLoss, test.classIntervals?.logLoss, "of the probabilities"),
          figure("Brier score", classes.brier, test.classIntervals?.brier, "of the probabilities"),
          figure("Calibration error", classes.calibrationError, nil, "in \(ClassScores.bins) bins"),
        ]
      } else {
        [
          figure(
            "Mean error", test.points?.meanAbsolute, test.points?.meanAbsoluteInterval, "absolute"),
          figure("Direction", test.points?.direction, nil, "rows seen the right way"),
        ]
      }
    return first + [
      figure("Rank IC", test.ranks?.ic, test.ranks?.interval, "with the change that followed"),
      figure("Sharpe ratio", number("sharpe"), nil, "a year, after costs"),
      figure("Deflated", test.trading?.deflation?.chance, nil, "chance that it is no luck"),
      figure("Max drawdown", number("max_drawdown"), nil, "of the account"),
    ]
  }

  private var equity: TimeChart? {
    guard let trading = test.trading else { return nil }
    let (own, times) = (trading.run.record.values, trading.equalWeight.record.stamps)
    // Nothing is left of an account that lost everything, and nothing has no place among factors.
    let drawn = (1...times.count).map { $0 < own.count && own[$0] > 0 ? own[$0] : .nan }
    return TimeChart(
      title: "The account, beside all symbols held alike",
      caption:
        "Each symbol gets its share of the account, long, short or not at all, as the forecast "
        + "chooses at each bar; after costs, test part.",
      times: times,
      series: [
        .init("model", .subject, drawn),
        .init("equal weight", .benchmark, Array(trading.equalWeight.record.values.dropFirst())),
      ], format: .ratio, growsByFactors: true)
  }

  private var equityPlot: PlotChart? {
    guard let trading = test.trading else { return nil }
    func points(_ values: [Double]) -> [(x: Double, y: Double)] {
      values.enumerated().map { (Double($0.offset), $0.element) }
    }
    return PlotChart(
      title: "The account, beside all symbols held alike", caption: "",
      horizontal: "bars of the test",
      vertical: "value",
      series: [
        .init("model", .subject, points(trading.run.record.values)),
        .init("equal weight", .benchmark, points(trading.equalWeight.record.values)),
      ])
  }

  private var losses: PlotChart? {
    let curve = report.session.curve
    guard curve.count > 1 else { return nil }
    return PlotChart(
      title: "Loss over steps", caption: "The validation loss decided when to stop.",
      horizontal: "step", vertical: "loss",
      series: [
        .init("training", .benchmark, curve.map { (Double($0.step), $0.loss) }),
        .init(
          "validation", .subject, curve.map { (Double($0.step), $0.validationLoss ?? .nan) }),
      ])
  }

  private var reliability: PlotChart? {
    guard let classes = test.classes, !classes.reliability.isEmpty else { return nil }
    let bins = classes.reliability.filter { $0.count > 0 }
    return PlotChart(
      title: "How often it was right, by how sure it was",
      caption: "On the straight line it is as sure as it has a right to be; test part, after "
        + "temperature scaling.",
      horizontal: "probability of the likeliest class", vertical: "share that came",
      series: [
        .init("found", .subject, bins.map { ($0.meanProbability, $0.share) }, hasDots: true),
        .init("ideal", .benchmark, [(1.0 / 3, 1.0 / 3), (1, 1)]),
      ])
  }

  private var confusion: HeatChart? {
    guard let classes = test.classes else { return nil }
    let names = ["down", "flat", "up"]
    return HeatChart(
      title: "Classes as they were, and as they were seen",
      caption: "Parts of all rows; a row of the chart is a class as it was.",
      columns: names.map { "seen \($0)" },
      rows: names.indices.map { was in
        .init(names[was], classes.confusion[was].map { Double($0) / Double(max(1, test.count)) })
      }, full: 0.5, showsNumbers: true)
  }
}

extension RunPage {
  private var baselines: Page.Table {
    Page.Table(
      caption: "Losses of the test part; less is better",
      columns: [
        .words("baseline"), .words("loss"), .numbers("model"), .numbers("baseline's"),
        .numbers("p"), .words("beaten"),
      ],
      rows: report.judged.test.comparisons.map {
        [
          $0.baseline, $0.loss, NumberText.ratio($0.model, decimals: 4),
          NumberText.ratio($0.other, decimals: 4),
          $0.chance.map { NumberText.ratio($0, decimals: 3) } ?? NumberText.absent,
          $0.isBeaten ? "yes" : "no",
        ]
      })
  }

  private var coverage: Page.Table? {
    let coverage = report.judged.test.coverage
    guard !coverage.isEmpty else { return nil }
    return Page.Table(
      caption: "What split conformal promised, and what the test part found",
      columns: [.numbers("promised"), .numbers("found"), .numbers("mean size")],
      rows: coverage.map {
        [
          NumberText.percent($0.promised), NumberText.percent($0.found),
          NumberText.ratio($0.meanSize, decimals: 3),
        ]
      })
  }

  private var importance: Page.Table {
    Page.Table(
      caption: "The features that count most", columns: [.words("feature"), .numbers("part")],
      rows: report.mostImportant.map { [$0.name, NumberText.percent($0.share)] })
  }

  private static func table(of sanity: SanityReport) -> Page.Table {
    Page.Table(
      caption: "Lessons whose outcome is known beforehand",
      columns: [
        .words("rung"), .words("passed"), .numbers("found"), .words("needed"), .words("what"),
      ],
      rows: sanity.rungs.map {
        [
          $0.name, $0.isPassed ? "yes" : "no", NumberText.ratio($0.value, decimals: 4), $0.needed,
          $0.meaning,
        ]
      })
  }

  private var settings: Page.Table {
    Page.Table(
      caption: "Hyper-parameters", columns: [.words("name"), .words("value")],
      rows: Self.flat(report.artefact.card["settings"]).map { [$0.key, $0.value.text()] })
  }

  /// `training.epochs`, as `--set` takes it.
  private static func flat(_ settings: JSON?) -> [JSON.Member] {
    (settings?.members ?? []).flatMap { member in
      member.value.members == nil
        ? [member]
        : flat(member.value).map { JSON.Member("\(member.key).\($0.key)", $0.value) }
    }
  }

  private var method: String {
    let calibration = report.artefact.calibration
    return "Trained on the training part, steered by the first part of validation, calibrated on "
      + "\(NumberText.count(calibration.count)) later rows of it that the model never saw (temperature "
      + "\(NumberText.ratio(calibration.temperature.temperature))), judged on the test part. Intervals are "
      + "of 95 in 100 histories put together from blocks of instants; p by Diebold and Mariano."
  }
}
