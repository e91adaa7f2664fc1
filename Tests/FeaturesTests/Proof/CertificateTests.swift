import Features
import Market
import Runtime
import Testing

@Suite("Certificates of a proof") struct CertificateTests {
  private static let features: [any Feature] = Catalogue.starter

  private static func grounds(
    _ world: World, code: String = "code", configuration: String = "settings",
    features: [any Feature] = features
  ) -> ProofGrounds {
    ProofGrounds(
      code: SHA256.hash(code), data: world.hash, configuration: SHA256.hash(configuration),
      definitions: ProofGrounds.definitions(of: features))
  }

  private static func made(_ world: World) throws -> Certificate {
    let verdict = try LookAheadProof.run(features: features, frames: world.frames, cuts: 2)
    return Certificate(verdict, sets: ["starter"], grounds: grounds(world))
  }

  @Test("it comes back from its text, and holds for the same bytes")
  func roundTrip() throws {
    let world = World([try Synthetic.frame(bars: 80)])
    let certificate = try Self.made(world)
    let read = try Certificate(
      json: JSON(parsing: certificate.json.text(pretty: true), source: "x"))
    #expect(read == certificate && read.sets == ["starter"])
    try read.verify(Self.grounds(World([try Synthetic.frame(bars: 80)])))
  }

  @Test("other code, bars, settings or definitions end it, and it says which")
  func expires() throws {
    let frame = try Synthetic.frame(bars: 80)
    let world = World([frame])
    let certificate = try Self.made(world)
    func expired(_ grounds: ProofGrounds) -> CertificateError? {
      #expect(throws: CertificateError.self) { try certificate.verify(grounds) }
    }
    #expect(expired(Self.grounds(world, code: "other")) == .expired(["code"]))
    #expect(expired(Self.grounds(world, configuration: "other")) == .expired(["config"]))
    let fewer = Self.features.dropLast()
    #expect(expired(Self.grounds(world, features: Array(fewer))) == .expired(["definitions"]))
    var values = try Array(frame.numbers("volume"))
    values[79] = values[79].nextUp
    let changed = World([frame.adding(Column(values), as: "volume")])
    #expect(expired(Self.grounds(changed)) == .expired(["data"]))
    #expect(expired(Self.grounds(changed, code: "other"))?.diagnosis.exitCode == .refused)
  }

  @Test("a certificate of which anything was changed is refused", arguments: 0..<40)
  func tampering(place: Int) throws {
    let text = try Self.made(World([try Synthetic.frame(bars: 70)])).json.text()
    var bytes = Array(text.utf8)
    let at = (place * 7919) % bytes.count
    bytes[at] = bytes[at] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
    guard let json = try? JSON(parsing: bytes, source: "x") else { return }
    #expect(throws: CertificateError.self) { try Certificate(json: json) }
  }

  @Test(
    "a leak is certified as one and never holds; what is no certificate is told by what it lacks")
  func leaks() throws {
    let world = World([try Synthetic.frame(bars: 60)])
    let verdict = try LookAheadProof.run(features: [Planted.shift], frames: world.frames, cuts: 2)
    let grounds = Self.grounds(world, features: [Planted.shift])
    let certificate = Certificate(verdict, sets: ["mine"], grounds: grounds)
    #expect(throws: CertificateError.leak) { try certificate.verify(grounds) }
    #expect(throws: CertificateError.notOne(missing: "seal")) { try Certificate(json: ["a": 1]) }
  }

  @Test("the hash of a universe's members is part of the data")
  func universe() throws {
    var world = try Worlds.universe.make()
    let first = world.hash
    world.universe = nil
    #expect(world.hash != first)
  }
}
