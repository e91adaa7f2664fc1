import Features
import Runtime

/// Proofs that something looks at no later bar.
let proveVerb = Verb(
  "prove", summary: "Prove on your own bars that nothing looks ahead",
  verbs: [
    proveFeaturesVerb, provePipelineVerb, proveTableVerb, proveCertificateVerb, proveReplayVerb,
    proveStrategyVerb,
  ])

/// How the verbs under `prove` draw cuts.
enum ProveFlags {
  static let cuts: Flag<Int> = .value(
    "cuts", .integer(in: 1...10_000), metavariable: "N", default: 32,
    help: "How many instants are drawn at random; early bars are all tried besides.")
}

extension Loaded<RunSettings> {
  /// The hash of all settings but where files lie: bars are known by their own hash.
  fileprivate var hashButForPlaces: SHA256Digest {
    let places: Set<String> = ["data", "report"]
    return SHA256.hash(
      JSON.object((json.members ?? []).filter { !places.contains($0.key) }).text())
  }
}

extension ProofGrounds {
  /// Of this program, on these bars, with these settings.
  init(
    world: World, settings: Loaded<RunSettings>, definitions: SHA256Digest
  ) throws {
    self.init(
      code: try Manifest.executableHash(), data: world.hash,
      configuration: settings.hashButForPlaces,
      definitions: definitions)
  }
}
