import Runtime

/// What a disk holds and what is still on its way there: acts that were not synced may reach it in any
/// order, in part, or not at all.
public struct DiskState: Hashable, Sendable {
  struct File: Hashable, Sendable {
    /// What a loss of power leaves for certain.
    var safe: [UInt8] = []
    /// What the process sees.
    var seen: [UInt8] = []
    var changes: [Change] = []
  }

  enum Change: Hashable, Sendable {
    case write([UInt8], at: Int)
    case cut(to: Int)
  }

  enum Naming: Hashable, Sendable {
    case create(String, file: Int)
    case rename(String, to: String)
    case remove(String)
  }

  var files: [File] = []
  var names: [String: Int] = [:]
  var safeNames: [String: Int] = [:]
  var namings: [Naming] = []

  public init() {}

  public var byteCount: Int { names.values.reduce(0) { $0 + files[$1].seen.count } }

  mutating func perform(_ naming: Naming) {
    naming.apply(to: &names)
    namings.append(naming)
  }

  mutating func change(_ file: Int, _ change: Change) {
    change.apply(to: &files[file].seen)
    files[file].changes.append(change)
  }

  mutating func synchronize(_ file: Int) {
    files[file].safe = files[file].seen
    files[file].changes = []
  }

  mutating func synchronizeNames() {
    safeNames = names
    namings = []
  }

  // MARK: Loss of power

  /// The disk after the power was lost, where only these of the acts on their way had reached it.
  func after(namings kept: [Naming], changes: [(file: Int, change: Change)]) -> DiskState {
    var state = self
    state.names = safeNames
    for naming in kept { naming.apply(to: &state.names) }
    for place in state.files.indices { state.files[place].seen = files[place].safe }
    for (file, change) in changes { change.apply(to: &state.files[file].seen) }
    for place in state.files.indices { state.synchronize(place) }
    state.synchronizeNames()
    return state
  }

  var changesUnderWay: [(file: Int, change: Change)] {
    files.indices.flatMap { place in files[place].changes.map { (place, $0) } }
  }

  /// Every disk that a loss of power may leave, as far as they differ in kind: of names and of contents
  /// none, all, each first few, each alone and all but each; and each write torn at several places, at
  /// its beginning and at its end.
  public func losses() -> [DiskState] {
    let contents = Self.choices(changesUnderWay) { Self.torn($0) }
    return Self.choices(namings) { _ in [] }.flatMap { names in
      contents.map { after(namings: names, changes: $0) }
    }
  }

  private static func choices<Act>(_ acts: [Act], torn: (Act) -> [Act]) -> [[Act]] {
    var choices: [[Act]] = (0...acts.count).map { Array(acts[..<$0]) }
    for place in acts.indices {
      let (before, after) = (Array(acts[..<place]), Array(acts[(place + 1)...]))
      choices += [[acts[place]], before + after]
      for part in torn(acts[place]) {
        choices += [before + [part], [part], before + [part] + after]
      }
    }
    return choices
  }

  private static func torn(
    _ act: (file: Int, change: Change)
  ) -> [(file: Int, change: Change)] {
    guard case .write(let bytes, let offset) = act.change, bytes.count > 1 else { return [] }
    let cuts = Set([1, 4, 39, 40, bytes.count / 2, bytes.count - 1, 512 - offset % 512])
    return cuts.sorted().filter { (1..<bytes.count).contains($0) }.flatMap { cut in
      [
        (act.file, Change.write(Array(bytes[..<cut]), at: offset)),
        (act.file, Change.write(Array(bytes[cut...]), at: offset + cut)),
      ]
    }
  }

  /// One of the disks that a loss of power may leave, by chance: every act is kept, torn or lost.
  public func loss(using random: inout some RandomNumberGenerator) -> DiskState {
    let names = namings.filter { _ in Bool.random(using: &random) }
    let changes = changesUnderWay.compactMap { act -> (file: Int, change: Change)? in
      switch Int.random(in: 0..<4, using: &random) {
      case 0: nil
      case 1: Self.torn(act).randomElement(using: &random) ?? act
      default: act
      }
    }
    return after(namings: names, changes: changes)
  }
}

extension DiskState.Change {
  func apply(to bytes: inout [UInt8]) {
    switch self {
    case .write(let content, let offset):
      let end = offset + content.count
      if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
      bytes.replaceSubrange(offset..<end, with: content)
    case .cut(let count):
      if count < bytes.count {
        bytes.removeLast(bytes.count - count)
      } else {
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
      }
    }
  }
}

extension DiskState.Naming {
  /// An act on a name that never reached the disk does nothing.
  func apply(to names: inout [String: Int]) {
    switch self {
    case .create(let name, let file): names[name] = file
    case .rename(let name, let other):
      guard let file = names.removeValue(forKey: name) else { return }
      names[other] = file
    case .remove(let name): names[name] = nil
    }
  }
}
