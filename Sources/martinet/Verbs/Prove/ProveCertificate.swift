import Features
import Glibc
import Runtime

private let file: Argument<String> = .required(
  "FILE", .text, help: "What martinet prove features --json printed.")

let proveCertificateVerb = Verb(
  "certificate", aliases: ["verify"],
  summary: "Look whether a proof made earlier still holds for code, data and settings",
  discussion: """
    A certificate names the hashes of the program, the bars, the settings and the definitions it was \
    made of. Where any of these is another now, or a byte of the certificate was changed, it no longer \
    counts: exit code 3, and the message says which.
    """,
  flags: RunFlags.ofData, arguments: [file],
  examples: [
    .init(
      "martinet prove certificate proof.json --data Samples/daily", "Does it hold for these bars?")
  ]
) { invocation in
  let path = try invocation[file]
  let settings = try SettingsFiles.load(for: invocation, flags: RunFlags.assignments(invocation))
  let certificate = try Certificate(
    json: JSON(parsing: SmallFile.read(path, bytesMax: 1 << 26), source: path))
  let isOwn = certificate.sets.contains(FeatureSubject.own)
  let subject = try FeatureSubject(named: isOwn ? [] : certificate.sets, or: settings)
  let frames = try settings.value.bars(days: settings.value.timerange ?? .all).frames
  try certificate.verify(
    ProofGrounds(
      world: World(frames), settings: settings,
      definitions: ProofGrounds.definitions(of: subject.features)))
  if invocation.wantsJSON {
    invocation.console.print(["valid": true, "sets": JSON(certificate.sets.map { JSON($0) })])
  } else {
    let sign = Mark.good.sign(for: invocation.console.traits)
    invocation.console.print(
      "\(sign) the certificate holds: same program, bars, settings and definitions")
  }
  return .done
}
