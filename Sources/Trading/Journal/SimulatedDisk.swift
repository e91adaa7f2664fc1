import Runtime

/// A disk in memory that can lose power at every boundary of its acts, fail, and fill up.
public final class SimulatedDisk: JournalDisk {
  public let place = "simulated disk"
  public private(set) var state: DiskState
  /// Bytes that fit onto it; a write beyond them is done in part.
  public var capacity = Int.max
  /// Acts from now on until one fails with this error, once.
  public var failure: (acts: Int, error: FileError)?
  /// Sees the disk after each act.
  public var afterEach: ((DiskState) -> Void)?
  public private(set) var acts = 0
  public private(set) var syncs = 0

  public init(_ state: DiskState = DiskState()) { self.state = state }

  public func names() -> [String] { state.names.keys.sorted() }

  public func read(_ name: String) throws(FileError) -> [UInt8] { state.files[try file(name)].seen }

  public func create(_ name: String) throws(FileError) {
    try act()
    guard state.names[name] == nil else { throw .failed(path: name, reason: "File exists") }
    state.files.append(DiskState.File())
    state.perform(.create(name, file: state.files.count - 1))
    afterEach?(state)
  }

  public func write(
    _ bytes: UnsafeRawBufferPointer, to name: String, at offset: Int
  ) throws(FileError) {
    let file = try file(name)
    try act()
    let growth = max(0, offset + bytes.count - state.files[file].seen.count)
    let room = capacity - state.byteCount
    let fits = growth <= room ? bytes.count : max(0, bytes.count - (growth - max(0, room)))
    if fits > 0 { state.change(file, .write(Array(bytes[..<fits]), at: offset)) }
    afterEach?(state)
    guard fits == bytes.count else { throw .diskFull(path: name) }
  }

  public func truncate(_ name: String, to count: Int) throws(FileError) {
    let file = try file(name)
    try act()
    state.change(file, .cut(to: count))
    afterEach?(state)
  }

  public func synchronize(_ name: String) throws(FileError) {
    let file = try file(name)
    try act()
    state.synchronize(file)
    syncs += 1
    afterEach?(state)
  }

  public func rename(_ name: String, to other: String) throws(FileError) {
    _ = try file(name)
    try act()
    state.perform(.rename(name, to: other))
    afterEach?(state)
  }

  public func remove(_ name: String) throws(FileError) {
    _ = try file(name)
    try act()
    state.perform(.remove(name))
    afterEach?(state)
  }

  public func synchronizeNames() throws(FileError) {
    try act()
    state.synchronizeNames()
    syncs += 1
    afterEach?(state)
  }

  /// What a process that dies leaves, while the machine goes on: everything it had written.
  public func restarted() -> SimulatedDisk { SimulatedDisk(state) }

  private func file(_ name: String) throws(FileError) -> Int {
    guard let file = state.names[name] else { throw .missing(path: name) }
    return file
  }

  private func act() throws(FileError) {
    acts += 1
    guard let (left, error) = failure else { return }
    if left > 0 {
      failure = (left - 1, error)
    } else {
      failure = nil
      throw error
    }
  }
}
