import Features
import Market
import Runtime

/// A trained model that is shown bars one by one, as a strategy sees them: computes its features in their
/// stream form, brings them to the model's scale and foresees.
///
/// What was trained is what foresees: the model's files are checked against its card, and the features
/// are computed from the expressions that the card has, whose version must be the one it was trained on.
package final class BarForecaster {
  package let artefact: Artefact
  private let stream: ForecastStream
  /// Of its features' names and formulas, as they are computed here.
  package let featureVersion: SHA256Digest
  /// The same as a proof's certificate has it.
  package let definitions: SHA256Digest
  private let plan: FeaturePlan
  private var plans: [Symbol: PlanStream] = [:]

  package init(_ artefact: Artefact, _ registry: ModelRegistry) throws {
    self.artefact = artefact
    let features: [any Feature]
    (plan, features) = try Self.plan(artefact)
    featureVersion = TrainingSet.featureVersion(features)
    definitions = ProofGrounds.definitions(of: features)
    stream = try ForecastStream(artefact, registry)
  }

  private static func plan(_ artefact: Artefact) throws -> (FeaturePlan, [any Feature]) {
    let place = "\(artefact.folder)/\(Artefact.cardName)"
    let expressions = try artefact.features.map { feature in
      guard let text = feature.expression else {
        throw ForecasterError.notAnExpression(place, feature.name)
      }
      return NamedExpression(feature.name, text)
    }
    let choice = try FeatureChoice(expressions: expressions, file: place)
    let plan: FeaturePlan
    do throws(NeedsOthers) { plan = try choice.planOfOwnBars() } catch {
      throw ForecasterError.needsOthers(place, error.name)
    }
    let version = TrainingSet.featureVersion(choice.features)
    guard version.description == artefact.featureVersion else {
      throw ForecasterError.otherFeatures(place)
    }
    return (plan, choice.features)
  }

  /// Whether a bar's own numbers are all that features need, and not when it was.
  package var needsNoTimes: Bool { plan.inputs.allSatisfy { CalendarPart(rawValue: $0) == nil } }

  /// Takes the next bar of a symbol, a frame of that one bar; nil while the model has seen too little.
  package func take(_ bar: Frame) throws -> PredictionOutput? {
    precondition(bar.count == 1, "bars come one by one")
    let own = plans[bar.symbol] ?? PlanStream(plan)
    plans[bar.symbol] = own
    let numbers = try plan.inputColumns(of: BarColumns(bar)).map { $0[0] }
    own.update(numbers.span)
    // As rows with a missing feature are left out of training.
    guard !own.values.contains(where: \.isNaN) else { return nil }
    return try stream.take(
      bar.symbol, at: bar.knownAt[0], own.values, isScaled: false)
  }
}

package enum ForecasterError: DiagnosedError, Equatable {
  case notAnExpression(String, String)
  case needsOthers(String, String)
  case otherFeatures(String)

  package var diagnosis: Diagnosis {
    switch self {
    case .notAnExpression(let place, let name):
      Diagnosis(
        place: place, finding: "the feature \(name) is written in Swift, and no bar gives it",
        remedy: "train on features that are expressions", exitCode: .refused)
    case .needsOthers(let place, let name):
      Diagnosis(
        place: place, finding: "the feature \(name) needs more than the symbol's own bars so far",
        remedy:
          "train on features of one symbol's bars: ranks among symbols and longer bars are not "
          + "computed bar by bar yet", exitCode: .refused)
    case .otherFeatures(let place):
      Diagnosis(
        place: place, finding: "its features are computed otherwise by this version of the program",
        remedy: "build the set anew and train again", exitCode: .refused)
    }
  }
}
