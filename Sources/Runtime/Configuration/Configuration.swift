/// Where a value of a configuration comes from.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  case builtIn
  case file(name: String, mark: YAMLMark)
  case argument(key: String)

  /// `default`, `base.yaml:3` or `--set costs.fee`.
  public var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let name, let mark): "\(name):\(mark.line)"
    case .argument(let key): "--set \(key)"
    }
  }
}

/// What is read over what was read before it, and what has been found so far.
struct Layer {
  enum Source {
    case file(String)
    case argument(key: String)
  }

  var source: Source
  var origins: [String: Origin] = [:]
  var inconsistencies: [String: Inconsistency] = [:]

  func origin(_ mark: YAMLMark) -> Origin {
    switch source {
    case .file(let name): .file(name: name, mark: mark)
    case .argument(let key): .argument(key: key)
    }
  }

  func place(_ mark: YAMLMark) -> String {
    switch source {
    case .file(let name): "\(name):\(mark.line):\(mark.column)"
    case .argument(let key): "--set \(key)"
    }
  }

  func wrongType(
    at mark: YAMLMark, key: String, _ refusal: ConfigurationRefusal
  ) -> ConfigurationError {
    .wrongValue(
      place: place(refusal.mark ?? mark), key: key, finding: refusal.finding,
      remedy: refusal.remedy ?? "see what it takes: martinet config schema")
  }
}

/// A text with settings and the name errors show for it.
public struct ConfigurationSource: Sendable {
  public var name: String
  public var bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// Reads a file, but never more of it than a configuration may have.
  public init(file path: String) throws(ConfigurationError) {
    name = path
    do throws(FileError) {
      bytes = try SmallFile.read(path, bytesMax: YAMLLimits.standard.bytesMax)
    } catch {
      if case .tooLarge(_, let bytesMax) = error {
        throw .malformed(.tooLarge(file: path, bytesMax: bytesMax))
      }
      throw .unreadable(error)
    }
  }
}

/// Reads settings of one type: its defaults, then files, then `--set`, each over the one before.
public enum Configuration<Settings: Configured> {
  public static func load(
    files: [String] = [], sets: [String] = []
  ) throws(ConfigurationError) -> Loaded<Settings> {
    var sources: [ConfigurationSource] = []
    for file in files { sources.append(try ConfigurationSource(file: file)) }
    return try load(sources: sources, sets: sets)
  }

  public static func load(
    sources: [ConfigurationSource], sets: [String] = []
  ) throws(ConfigurationError) -> Loaded<Settings> {
    var value = Settings()
    var layer = Layer(source: .file(""))
    for source in sources {
      let node: YAMLNode
      do throws(YAMLError) {
        node = try YAMLDocument.parse(source.bytes, file: source.name)
      } catch {
        throw .malformed(error)
      }
      layer.source = .file(source.name)
      try Settings.schema.apply(node, to: &value, &layer, prefix: "")
    }
    for set in sets {
      let (key, node) = try assignment(set)
      layer.source = .argument(key: key)
      try Settings.schema.apply(node, to: &value, &layer, prefix: "")
    }
    let lastPlace = sources.last?.name ?? "--set"
    if let key = Settings.schema.missing(in: layer, prefix: "").first {
      throw .missingKey(place: lastPlace, key: key)
    }
    layer.inconsistencies[""] = value.inconsistency
    let loaded = Loaded(value: value, origins: layer.origins)
    try refuseInconsistencies(layer, loaded, lastPlace)
    return loaded
  }

  /// The JSON schema of the settings, draft 2020-12: editors check and complete the file with it.
  public static func jsonSchema(title: String) -> JSON {
    var schema: JSON = [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title),
    ]
    if case .object(let members) = Settings.schema.jsonSchema(defaults: Settings()) {
      for member in members { schema.append(member.key, member.value) }
    }
    return schema
  }

  /// `a.b=c` as the section it stands for; whatever follows the first `=` is the value.
  private static func assignment(
    _ text: String
  ) throws(ConfigurationError) -> (key: String, node: YAMLNode) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= YAMLLimits.standard.bytesMax else {
      throw .malformedSet(text: text)
    }
    let keys = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard keys.allSatisfy({ !$0.isEmpty }), keys.count <= YAMLLimits.standard.levelsMax else {
      throw .malformedSet(text: text)
    }
    let mark = YAMLMark(line: 1, column: 1)
    var node = YAMLNode(.scalar(String(parts[1]), .argument), at: mark)
    for key in keys.reversed() {
      node = YAMLNode(.mapping([.init(key: String(key), keyMark: mark, value: node)]), at: mark)
    }
    return (Excerpt.bare(parts[0]), node)
  }

  private static func refuseInconsistencies(
    _ layer: Layer, _ loaded: Loaded<Settings>, _ lastPlace: String
  ) throws(ConfigurationError) {
    // Sorted, so that the same files always give the same message.
    let sections = layer.inconsistencies.sorted { $0.key < $1.key }
    guard let (prefix, found) = sections.first else { return }
    let key = prefix.isEmpty ? found.key : "\(prefix).\(found.key)"
    let place =
      switch loaded.origin(of: key) {
      case .builtIn: lastPlace
      case .file(let name, let mark): "\(name):\(mark.line):\(mark.column)"
      case .argument(let key): "--set \(key)"
      }
    throw .wrongValue(place: place, key: key, finding: found.finding, remedy: found.remedy)
  }
}

/// Settings as they were read, with the origin of each value.
public struct Loaded<Settings: Configured>: Sendable {
  public struct Row: Equatable, Sendable {
    public var key: String
    public var value: JSON
    public var origin: Origin
  }

  public let value: Settings
  private let origins: [String: Origin]

  init(value: Settings, origins: [String: Origin]) {
    self.value = value
    self.origins = origins
  }

  /// Where the value of a key comes from; keys of sections have dots.
  public func origin(of key: String) -> Origin { origins[key] ?? .builtIn }

  /// Every value in the order of the schema. Secrets show where they are kept, not what they are.
  public var effective: [Row] {
    Settings.schema.rows(of: value, prefix: "").map { key, value in
      Row(key: key, value: value, origin: origin(of: key))
    }
  }

  /// The same rows for programs: `[{"key": …, "value": …, "origin": …}, …]`.
  public var effectiveJSON: JSON {
    JSON(
      effective.map { row in
        ["key": .string(row.key), "value": row.value, "origin": .string(row.origin.description)]
      })
  }

  /// The effective settings as one object, sections nested.
  public var json: JSON { Settings.schema.json(of: value) }
}
