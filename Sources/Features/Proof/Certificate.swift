import Market
import Runtime

/// What a proof was made of: other bytes in any of these, another proof.
public struct ProofGrounds: Equatable, Sendable {
  /// Of the program that ran.
  public var code: SHA256Digest
  /// Of every time, number and membership.
  public var data: SHA256Digest
  /// Of the settings that were in force and of the user's feature files.
  public var configuration: SHA256Digest
  /// Of the columns' names and formulas, in their order.
  public var definitions: SHA256Digest

  public init(
    code: SHA256Digest, data: SHA256Digest, configuration: SHA256Digest, definitions: SHA256Digest
  ) {
    self.code = code
    self.data = data
    self.configuration = configuration
    self.definitions = definitions
  }

  /// The hash of what features are: name, formula and look-back of each.
  public static func definitions(of features: [any Feature]) -> SHA256Digest {
    SHA256.hash(features.map { "\($0.definition), \($0.about.lookBack)\n" }.joined())
  }

  fileprivate static let keys = ["code", "data", "config", "definitions"]
  fileprivate var parts: [SHA256Digest] { [code, data, configuration, definitions] }
}

/// A proof as it goes into the manifest of a run, sealed by a hash of itself.
///
/// The seal shows that no byte was changed since; it is no signature of a person.
public struct Certificate: Equatable, Sendable {
  public let sets: [String]
  public let grounds: [String]
  public let isClean: Bool
  /// Everything, the seal included.
  public let json: JSON

  /// - Parameter sets: what was proved: names of sets, or files of features.
  public init(_ verdict: LookAheadVerdict, sets: [String], grounds: ProofGrounds) {
    var json: JSON = [
      "verdict": JSON(verdict.isClean ? "clean" : "leak"), "sets": JSON(sets.map { JSON($0) }),
    ]
    for (key, part) in zip(ProofGrounds.keys, grounds.parts) {
      json.append(key + "_sha256", JSON(part.description))
    }
    for member in verdict.json.members ?? [] where member.key != "verdict" {
      json.append(member.key, member.value)
    }
    json.append("version", JSON(Version.number))
    json.append("seal", JSON(Self.seal(of: json)))
    self.sets = sets
    self.grounds = grounds.parts.map(\.description)
    isClean = verdict.isClean
    self.json = json
  }

  /// Reads one that was written before, and refuses it where a byte was changed since.
  public init(json: JSON) throws(CertificateError) {
    func text(_ key: String) throws(CertificateError) -> String {
      guard let text = json[key]?.string else { throw .notOne(missing: key) }
      return text
    }
    let seal = try text("seal")
    let unsealed = JSON.object((json.members ?? []).filter { $0.key != "seal" })
    guard Self.seal(of: unsealed) == seal else { throw .changed }
    guard let sets = json["sets"]?.elements else { throw .notOne(missing: "sets") }
    self.sets = sets.compactMap(\.string)
    var grounds: [String] = []
    for key in ProofGrounds.keys { grounds.append(try text(key + "_sha256")) }
    self.grounds = grounds
    isClean = try text("verdict") == "clean"
    self.json = json
  }

  /// The hashes of the program that made the proof, and of the columns that were proved.
  public var code: SHA256Digest? { json["code_sha256"]?.string.flatMap { SHA256Digest($0) } }
  public var definitions: SHA256Digest? {
    json["definitions_sha256"]?.string.flatMap { SHA256Digest($0) }
  }

  private static func seal(of json: JSON) -> String { SHA256.hash(json.text()).description }

  /// Refuses a certificate that was made of other code, data, settings or definitions than these, or
  /// that certifies a leak.
  public func verify(_ now: ProofGrounds) throws(CertificateError) {
    let parts = now.parts.map(\.description)
    let differing = parts.indices.filter { parts[$0] != grounds[$0] }
    guard differing.isEmpty else { throw .expired(differing.map { ProofGrounds.keys[$0] }) }
    guard isClean else { throw .leak }
  }
}

/// Why a certificate does not count.
public enum CertificateError: DiagnosedError, Equatable {
  case notOne(missing: String)
  case changed
  /// It was made of other bytes: `code`, `data`, `config` or `definitions`.
  case expired([String])
  case leak

  public var diagnosis: Diagnosis {
    let finding =
      switch self {
      case .notOne(let missing): "is no certificate of a proof: it has no \"\(missing)\""
      case .changed: "was changed after it was made: its seal does not fit"
      case .expired(let parts):
        "was made of other bytes than there are now: \(parts.joined(separator: ", "))"
      case .leak: "certifies that something looks ahead"
      }
    let remedy =
      self == .leak
      ? "correct what looks ahead, then prove it again" : "make a new one: martinet prove features"
    return Diagnosis(
      place: "certificate", finding: finding, remedy: remedy, exitCode: .refused)
  }
}
