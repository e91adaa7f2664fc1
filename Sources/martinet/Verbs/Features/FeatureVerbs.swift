import Runtime

/// What is known about the features there are, and what can be made of them.
let featuresVerb = Verb(
  "features", summary: "Show features, compute them, and make training sets of them",
  verbs: [
    featuresListVerb, featuresDescribeVerb, featuresBuildVerb, featuresStatsVerb, featuresPlotVerb,
  ])

/// Flags and arguments that the verbs of features share.
enum FeatureFlags {
  static let set: Argument<String?> = .optional(
    "SET", .text, help: "A set of martinet features list; those of the settings without it.")
  static let out: Flag<String> = .value(
    "out", .text, metavariable: "FOLDER", default: "data/splits/scaled",
    help: "The folder to make, or to replace where a training set lies there.")
}
