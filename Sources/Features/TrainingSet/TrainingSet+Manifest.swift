import Market
import MarketData
import Runtime

extension TrainingSet {
  /// The files of a training set.
  public static let fileNames: Set<String> = Set(Part.allCases.map(\.file)).union([
    manifestName, scalerName,
  ])
  static let manifestName = "manifest.json"
  static let scalerName = "scaler.json"
  static let kind = "martinet training set"

  /// One of the three parts.
  public enum Part: String, CaseIterable, Sendable {
    case train
    case validation = "val"
    case test

    public var file: String { "\(rawValue)_scaled.parquet" }
    var words: String { self == .validation ? "validation" : rawValue }

    func rows(of fold: Fold) -> [Int] {
      switch self {
      case .train: fold.train
      case .validation: fold.validation
      case .test: fold.test
      }
    }
  }

  /// The SHA-256 of everything that features follow from, but for the bars: a model refuses columns
  /// of another version.
  public static func featureVersion(_ features: [any Feature]) -> SHA256Digest {
    var hash = SHA256()
    for part in [Version.number] + features.map(\.definition) {
      hash.update("\(part.utf8.count):\(part)")
    }
    return hash.finish()
  }
}

extension Samples {
  /// What the set was made from, and how. Nothing in it depends on when or where it was made.
  func manifest(
    _ recipe: TrainingRecipe, rows: SampleRows, weights: [FeatureSelection.Weight], code: String
  ) -> JSON {
    let digests = frames.map(\.digest)
    let configuration = recipe.json
    var account = rows.account.json
    account.append("purged", JSON(fold.purged))
    return [
      "kind": .string(TrainingSet.kind), "format": 1,
      "feature_version": .string(TrainingSet.featureVersion(rows.features).description),
      "code_version": .string(Version.number), "code_sha256": .string(code),
      "data_sha256": .string(
        SHA256.hash(digests.map(\.description).joined(separator: "\n")).description),
      "config_sha256": .string(SHA256.hash(configuration.text()).description),
      "data": JSON(zip(frames, digests).map { $0.account(hash: $1) }),
      "config": configuration,
      "columns": JSON(rows.features.map(\.column)),
      "labels": JSON(recipe.labels.map(\.json)),
      "left_out": JSON(leftOut.map(\.json)), "weights": JSON(weights.map(\.json)),
      "rows": account,
    ]
  }
}

extension Frame {
  fileprivate func account(hash: SHA256Digest) -> JSON {
    func instant(_ column: Column<Int64>, _ row: Int) -> JSON {
      .string(Timestamp(nanoseconds: column[row]).description)
    }
    return [
      "symbol": .string(symbol.text), "interval": .string(interval.description),
      "bars": JSON(count), "from": count > 0 ? instant(start, 0) : .null,
      "to": count > 0 ? instant(end, count - 1) : .null, "sha256": .string(hash.description),
    ]
  }
}

extension Feature {
  fileprivate var column: JSON {
    var column: JSON = [
      "name": .string(about.name), "knowledge": .string(knowledge.rawValue),
      "family": .string(about.family.rawValue), "formula": .string(about.formula),
      "unit": .string(about.unit.rawValue), "lookback": JSON(about.lookBack),
    ]
    if let planned = self as? any PlannedFeature {
      column.append("expression", .string(planned.expression.text))
    }
    return column
  }
}
