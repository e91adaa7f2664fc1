/// How much a YAML document may ask of the program; configuration is small.
public struct YAMLLimits: Sendable {
  public var bytesMax = 1 << 20
  public var levelsMax = 64
  public var nodesMax = 100_000

  public static let standard = YAMLLimits()
}

/// Reads a YAML text into a tree: one document, keys unique, aliases put in place, no tags.
public enum YAMLDocument {
  /// An empty text is an empty mapping. `file` is the name errors show.
  public static func parse(
    _ bytes: [UInt8], file: String, limits: YAMLLimits = .standard
  ) throws(YAMLError) -> YAMLNode {
    guard bytes.count <= limits.bytesMax else {
      throw .tooLarge(file: file, bytesMax: limits.bytesMax)
    }
    var builder = YAMLTreeBuilder(bytes, file: file, limits: limits)
    return try builder.document()
  }

  public static func parse(_ text: String, file: String) throws(YAMLError) -> YAMLNode {
    try parse(Array(text.utf8), file: file)
  }
}

/// Builds the tree from events. It recurses once a level, and levels are limited.
private struct YAMLTreeBuilder: ~Copyable {
  /// A finished part that aliases may repeat, and what each repetition costs.
  private struct Anchored {
    var node: YAMLNode
    var nodes: Int
    var levels: Int
  }

  private let file: String
  private let limits: YAMLLimits
  private var parser: YAMLParser
  private var anchors: [String: Anchored] = [:]
  private var nodeCount = 0
  /// The deepest level reached since an enclosing node last reset it.
  private var deepest = 0

  init(_ bytes: [UInt8], file: String, limits: YAMLLimits) {
    self.file = file
    self.limits = limits
    parser = YAMLParser(bytes, file: file)
  }

  mutating func document() throws(YAMLError) -> YAMLNode {
    _ = try parser.next()  // The stream's start.
    guard case .documentStart = try parser.next().kind else {
      return YAMLNode(.mapping([]), at: YAMLMark(line: 1, column: 1))
    }
    let root = try node(from: try parser.next(), level: 1)
    _ = try parser.next()  // The document's end.
    let after = try parser.next()
    guard case .streamEnd = after.kind else {
      throw .secondDocument(file: file, mark: after.mark)
    }
    // A file of "---" or comments alone is empty, too.
    if case .scalar("", .plain) = root.content { return YAMLNode(.mapping([]), at: root.mark) }
    return root
  }

  private mutating func node(from event: YAMLEvent, level: Int) throws(YAMLError) -> YAMLNode {
    if case .alias(let name) = event.kind { return try repeated(name, event.mark, level) }
    guard !event.hasTag else { throw .tag(file: file, mark: event.mark) }
    try count(1, deepest: level, at: event.mark)
    let outerDeepest = deepest
    let countBefore = nodeCount - 1
    deepest = level
    let node = YAMLNode(try content(of: event, level: level), at: event.mark)
    if let anchor = event.anchor {
      anchors[anchor] = Anchored(
        node: node, nodes: nodeCount - countBefore, levels: deepest - level)
    }
    deepest = max(deepest, outerDeepest)
    return node
  }

  private mutating func repeated(
    _ name: String, _ mark: YAMLMark, _ level: Int
  ) throws(YAMLError) -> YAMLNode {
    guard let anchored = anchors[name] else {
      throw .unknownAnchor(file: file, mark: mark, name: name)
    }
    try count(anchored.nodes, deepest: level + anchored.levels, at: mark)
    deepest = max(deepest, level + anchored.levels)
    return anchored.node
  }

  private mutating func count(_ added: Int, deepest: Int, at mark: YAMLMark) throws(YAMLError) {
    nodeCount += added
    guard nodeCount <= limits.nodesMax else {
      throw .tooManyNodes(file: file, mark: mark, nodesMax: limits.nodesMax)
    }
    guard deepest <= limits.levelsMax else {
      throw .tooDeep(file: file, mark: mark, levelsMax: limits.levelsMax)
    }
  }

  private mutating func content(
    of event: YAMLEvent, level: Int
  ) throws(YAMLError) -> YAMLNode.Content {
    switch event.kind {
    case .scalar(let text, let style): return .scalar(text, style)
    case .sequenceStart:
      var nodes: [YAMLNode] = []
      while true {
        let next = try parser.next()
        if case .sequenceEnd = next.kind { return .sequence(nodes) }
        nodes.append(try node(from: next, level: level + 1))
      }
    case .mappingStart: return .mapping(try entries(level: level))
    default:
      // libyaml's grammar puts nothing else where a value stands.
      throw .malformed(file: file, mark: event.mark, message: "a value was expected")
    }
  }

  private mutating func entries(level: Int) throws(YAMLError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var marks: [String: YAMLMark] = [:]
    while true {
      let keyEvent = try parser.next()
      if case .mappingEnd = keyEvent.kind { return entries }
      guard case .scalar(let key, _) = keyEvent.kind, !key.isEmpty else {
        throw .keyIsNotText(file: file, mark: keyEvent.mark)
      }
      guard !keyEvent.hasTag else { throw .tag(file: file, mark: keyEvent.mark) }
      if let first = marks.updateValue(keyEvent.mark, forKey: key) {
        throw .duplicateKey(file: file, mark: keyEvent.mark, key: key, first: first)
      }
      let value = try node(from: try parser.next(), level: level + 1)
      entries.append(YAMLNode.Entry(key: key, keyMark: keyEvent.mark, value: value))
    }
  }
}
