import Features
import Market

/// The path from bars to a page, walked once with settings that need no explanation.
public struct Demo: Sendable {
  public let proof: LookAheadVerdict
  public var evidence: Appraisal
  public var sheet: TearSheet

  /// Proves the shipped features on `frame`, then lets two moving averages trade it.
  public init(
    frame: Frame, data: String, library: String?, settings: BacktestSettings = BacktestSettings()
  ) throws(BacktestError) {
    do {
      proof = try LookAheadProof.run(
        features: Catalogue.starter, frames: [frame], seed: settings.seed)
    } catch { throw .features(error) }
    evidence = try Appraisal(
      frames: [frame], strategy: SMACross(fast: 20, slow: 50), settings: settings)
    sheet = TearSheet(
      evidence: evidence, frames: [frame], proof: proof, data: data, library: library)
  }
}
