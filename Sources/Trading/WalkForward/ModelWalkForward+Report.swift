import Evidence
import Features
import Learning
import Runtime

extension ModelWalkForward {
  /// What orders follow from, as the ledger of trials has it.
  package var recipe: JSON {
    var json: JSON = [
      "name": JSON("\(training.model.card.name) walk-forward"), "memory": JSON(memory.rawValue),
      "train": JSON(train), "test": JSON(test),
    ]
    for member in training.json.members ?? [] { json.append(member.key, member.value) }
    return json
  }

  /// In plain ratios.
  package var json: JSON {
    [
      "model": JSON(training.model.card.name), "horizon": JSON(training.horizon),
      "memory": JSON(memory.rawValue), "train_bars": JSON(train), "test_bars": JSON(test),
      "trainings": JSON(folds.count), "sharpe": JSON(appraisal.performance.sharpe),
      "folds": JSON(folds.map(json)),
      "forecasts": forecasts.map { forecasts in
        [
          "count": JSON(forecasts.count), "accuracy": JSON(forecasts.classes?.accuracy),
          "log_loss": JSON(forecasts.classes?.logLoss), "rank_ic": JSON(forecasts.ranks?.ic),
          "beats_baselines": .bool(forecasts.beatsBaselines), "verdict": JSON(forecasts.verdict),
        ] as JSON
      } ?? .null,
    ]
  }

  private func json(_ fold: Fold) -> JSON {
    [
      "train_first": JSON(fold.trainFirst.description),
      "train_last": JSON(fold.trainLast.description),
      "test_first": JSON(fold.testFirst.description), "test_last": JSON(fold.testLast.description),
      "model_id": JSON(fold.modelID), "folder": JSON(fold.folder), "sharpe": JSON(fold.sharpe),
    ]
  }

  /// How often it was trained, and what its forecasts were worth where it had not been.
  package var sentence: String {
    let trainings =
      "\(NumberText.count(folds.count)) times \(training.model.card.name) was trained on "
      + "\(NumberText.count(train)) bars\(memory == .expanding ? " or more" : "") and traded the next "
      + "\(NumberText.count(test)), \(training.horizon) bars ahead. "
    guard let forecasts else { return trainings + "It foresaw nothing." }
    let right = forecasts.classes.map {
      ", \(NumberText.percent($0.accuracy)) of them right"
    }
    return trainings + "Of \(NumberText.count(forecasts.count)) forecasts out of sample"
      + (right ?? "") + ". \(forecasts.verdict)"
  }

  private func cells(_ fold: Fold) -> [String] {
    [
      fold.testFirst.description, fold.testLast.description, String(fold.modelID.prefix(12)),
      NumberText.ratio(fold.sharpe ?? .nan),
    ]
  }

  /// The last trainings.
  package var table: Table {
    var table = Table([
      .words("from", importance: 2), .words("to", importance: 1), .words("model", importance: 3),
      .numbers("Sharpe", importance: 3),
    ])
    for fold in folds.suffix(8) { table.add(cells(fold).map { Table.Cell($0) }) }
    return table
  }

  /// For a page.
  package var blocks: [Page.Block] {
    [
      .text(sentence),
      .table(
        Page.Table(
          caption: "Every training, and what its model did on the bars that followed",
          columns: [
            .words("from"), .words("to"), .words("model"), .numbers("Sharpe where traded"),
          ], rows: folds.map(cells))),
    ]
  }
}
