import Evidence
import Features
import Runtime

extension WalkForward {
  /// What orders follow from, as the ledger of trials has it.
  public var recipe: JSON {
    var recipe: JSON = [
      "name": JSON("\(grid.strategy) walk-forward"), "grid": JSON(grid.text),
      "memory": JSON(memory.rawValue), "train": JSON(train), "test": JSON(test),
    ]
    if let digest = grid.searched.digest { recipe.append("rules_sha256", JSON(digest)) }
    return recipe
  }

  /// In plain ratios.
  public var json: JSON {
    [
      "memory": JSON(memory.rawValue), "train_bars": JSON(train), "test_bars": JSON(test),
      "grid": JSON(grid.text), "settings": JSON(grid.settings.count),
      "choices": JSON(folds.count), "evaluations": JSON(folds.count * grid.settings.count),
      "sharpe_inside": JSON(meanInside), "sharpe_outside": JSON(appraisal.performance.sharpe),
      "folds": JSON(folds.map(json)), "paths": paths.json, "next": next.recipe.json,
      "trained_until": JSON(next.trainedUntil.description),
    ]
  }

  private func json(_ fold: Fold) -> JSON {
    [
      "train_first": JSON(fold.trainFirst.description),
      "train_last": JSON(fold.trainLast.description),
      "test_first": JSON(fold.testFirst.description), "test_last": JSON(fold.testLast.description),
      "parameters": grid.searched.json(fold.setting),
      "sharpe_inside": JSON(fold.sharpeInside), "sharpe_outside": JSON(fold.sharpeOutside),
    ]
  }

  private var meanInside: Double {
    folds.reduce(0) { $0 + $1.sharpeInside } / Double(folds.count)
  }

  /// What choosing promised and what came of it, in plain words.
  public var sentence: String {
    let outside = appraisal.performance.sharpe
    let losing = paths.paths.count { $0.totalReturn < 0 }
    return
      "\(NumberText.count(folds.count)) times the best of \(NumberText.count(grid.settings.count)) "
      + "settings was chosen. Where it was chosen its Sharpe ratio was "
      + "\(NumberText.ratio(meanInside)) a year on average; traded on the bars that followed, "
      + "\(outside.map { NumberText.ratio($0) } ?? "nothing"). On \(paths.paths.count) paths of "
      + "cross-validation the ratio lay between \(NumberText.ratio(paths.worst?.sharpe ?? .nan)) and "
      + "\(NumberText.ratio(paths.paths.map(\.sharpe).max() ?? .nan))"
      + (losing > 0 ? ", and \(losing) of them lost." : ", and none of them lost.")
  }

  private func cells(_ fold: Fold) -> [String] {
    let setting = grid.searched.words(
      fold.setting, of: grid.axes.filter { $0.values.count > 1 })
    return [
      fold.testFirst.description, fold.testLast.description, setting,
      NumberText.ratio(fold.sharpeInside), NumberText.ratio(fold.sharpeOutside),
    ]
  }

  /// The last choices.
  public var table: Table {
    var table = Table([
      .words("from", importance: 2), .words("to", importance: 1),
      .words("setting", importance: 3, mayBeCut: true), .numbers("chosen at Sharpe", importance: 3),
      .numbers("traded at", importance: 3),
    ])
    for fold in folds.suffix(8) { table.add(cells(fold).map { Table.Cell($0) }) }
    return table
  }

  /// Choices and paths, for a page.
  public var blocks: [Page.Block] {
    [
      .text(sentence),
      .table(
        Page.Table(
          caption:
            "Every choice: on the bars before, and what the same setting did on those that followed",
          columns: [
            .words("from"), .words("to"), .words("setting"), .numbers("Sharpe where chosen"),
            .numbers("Sharpe where traded"),
          ], rows: folds.map(cells))),
      .table(
        Page.Table(
          caption: "Paths out of sample by combinatorial purged cross-validation, "
            + "\(paths.folds) choices of \(paths.testGroups) of \(paths.groups) groups",
          columns: [.words("path"), .numbers("Sharpe"), .numbers("return")],
          rows: paths.paths.enumerated().map { number, path in
            [
              "\(number + 1)", NumberText.ratio(path.sharpe), NumberText.percent(path.totalReturn),
            ]
          })),
    ]
  }
}
