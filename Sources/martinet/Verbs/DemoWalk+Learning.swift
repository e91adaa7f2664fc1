import Evidence
import Foundation
import Glibc
import Market
import MarketData
import Numerics
import Runtime
import Trading

// What the demo trains, and what it trades on paper.
extension DemoWalk {
  static let account = "demo/paper"
  private static let folder = "demo/models"

  /// Small enough to be trained again and again while somebody watches.
  private static let kinds: [(name: String, settings: [String])] = [
    ("ridge", []),
    ("lightgbm", ["rounds=60", "num_leaves=15", "patience=20"]),
    (
      "lstm",
      ["sequence_length=20", "hidden=16", "training.epochs=3", "training.patience=2"]
    ),
  ]

  /// Three kinds of model, each trained on ten years at a time and traded on the two that followed.
  func models(_ frames: [Frame]) throws -> [(walk: ModelWalkForward, sheet: TearSheet)] {
    try removeFolder(Self.folder)
    let loaded = try Configuration<RunSettings>.load()
    return try Self.kinds.map { kind in
      let training = try WalkForwardModels.training(
        kind.name, horizon: 5, loaded, over: frames, sets: kind.settings)
      var walk = try ModelWalkForward(
        Demo.trainings, training, frames: frames, settings: BacktestSettings(),
        in: "\(Self.folder)/\(kind.name)")
      let recipe = walk.recipe
      let sheet = try sheet(&walk.appraisal, recipe, .walkforward, frames, nil)
      say("trained", walk.sentence)
      return (walk, sheet)
    }
  }

  /// Five days of minutes on paper.
  func paper() throws -> Demo.Paper {
    guard let symbol = Symbol("SPY") else { throw DemoError.noSamples }
    let frame = try DataFolder(path: minutes).load(
      symbols: [symbol], days: TimeRange(parsing: "20131007-20131011"))[0]
    try removeFolder(Self.account)
    let paper = try Demo.Paper(frame, at: Self.account)
    let causes = paper.causes.map {
      "\($0.name) \(NumberText.fixed(Double($0.amount), decimals: 2))"
    }
    say(
      "replayed",
      "\(NumberText.count(paper.report.fills.count)) fills in five days of SPY's minutes, on paper, where "
        + "orders are 90 seconds late and a basis point dearer: the model ended with "
        + "\(NumberText.fixed(Double(paper.account.backtest), decimals: 2)) USD, the days with "
        + "\(NumberText.fixed(Double(paper.account.day), decimals: 2)); the "
        + "\(NumberText.fixed(Double(paper.account.total), decimals: 2)) between them are "
        + causes.joined(separator: ", "))
    say("judged", paper.report.verdict)
    return paper
  }

  /// What an earlier demo left.
  private func removeFolder(_ path: String) throws {
    guard access(path, F_OK) == 0 else { return }
    try FileManager.default.removeItem(atPath: path)
  }
}
