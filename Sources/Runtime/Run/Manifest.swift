/// Everything a run was a function of, so that it can be repeated and compared.
///
/// Two runs whose manifests agree in all but `run`, `started` and `ended` give the same bytes.
public struct Manifest: Equatable, Sendable {
  /// A library that took part, with the version it reports itself.
  public struct Library: Equatable, Sendable {
    public var name: String
    public var version: String

    public init(_ name: String, _ version: String) {
      self.name = name
      self.version = version
    }
  }

  public var run: RunID
  public var command: [String]
  public var codeVersion = Version.number
  /// Of the executable that ran.
  public var codeHash: SHA256Digest?
  public var configurationHash: SHA256Digest?
  public var dataHash: SHA256Digest?
  public var seed: UInt64
  /// Proofs that what the run was made from looked at nothing later, as they were certified.
  public var certificates: [JSON] = []
  public var libraries: [Library] = []
  /// What the executable was built for: `x86-64-v4`.
  public var processorLevel: String
  public var threadCount: Int
  public var started: Timestamp
  public var ended: Timestamp?

  public init(
    run: RunID, command: [String], seed: UInt64, processorLevel: String, threadCount: Int,
    started: Timestamp
  ) {
    self.run = run
    self.command = command
    self.seed = seed
    self.processorLevel = processorLevel
    self.threadCount = threadCount
    self.started = started
  }

  /// The hash of the program that is running.
  public static func executableHash() throws(FileError) -> SHA256Digest {
    try SHA256.hash(file: "/proc/self/exe")
  }

  public var json: JSON {
    [
      "run": .string(run.description), "command": JSON(command.map(JSON.string)),
      "code_version": .string(codeVersion), "code_sha256": JSON(codeHash?.description),
      "config_sha256": JSON(configurationHash?.description),
      "data_sha256": JSON(dataHash?.description), "seed": JSON(seed),
      "certificates": JSON(certificates),
      "libraries": .object(libraries.map { JSON.Member($0.name, .string($0.version)) }),
      "processor_level": .string(processorLevel), "threads": JSON(threadCount),
      "started": .string(started.description), "ended": JSON(ended?.description),
    ]
  }

  /// Writes `manifest.json` whole or not at all.
  public func write(to path: String) throws(FileError) {
    try AtomicFile.write(json.text(pretty: true) + "\n", to: path)
  }
}

extension Loaded {
  /// The hash of all effective values: equal settings have equal hashes, wherever they come from.
  public var hash: SHA256Digest { SHA256.hash(json.text()) }
}
