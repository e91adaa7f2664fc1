import Features
import Market
import Runtime

extension Artefact {
  /// What a model's card says beside its files; nothing in it depends on when or where.
  static func facts(
    of configured: ConfiguredModel, seed: UInt64, on set: LearningSet, lesson: Lesson,
    calibration: Calibration, trainedTo: Timestamp
  ) -> JSON {
    let manifest = set.source.manifest
    let first = lesson.train.datetimes.first.map { Timestamp(nanoseconds: $0).description }
    return [
      "model": JSON(configured.card.name), "family": JSON(configured.card.family.rawValue),
      "settings": configured.settings, "seed": JSON(seed),
      "horizon": JSON(set.horizon), "target": JSON(set.target.rawValue),
      "steps": JSON(configured.steps), "features": manifest["columns"] ?? [],
      "feature_version": JSON(set.source.featureVersion),
      "data_sha256": manifest["data_sha256"] ?? .null,
      "training_set_sha256": JSON(SHA256.hash(manifest.text()).description),
      "certificate": manifest["certificate"] ?? .null,
      "interval": manifest["data"]?.elements?.first?["interval"] ?? .null,
      "symbols": JSON(lesson.train.symbols.map { JSON($0.text) }),
      "trained_from": JSON(first), "trained_to": JSON(trainedTo.description),
      "calibration": calibration.json, "naive": JSON(lesson.naive.map { JSON($0) }),
      "scaler": set.source.scaler.json,
    ]
  }
}
