import Glibc
import Runtime
import Synchronization

/// Stops everything from outside: a file that is there, or a signal.
///
/// It stands alone on purpose. It writes no log, knows no report and asks nobody; whatever else fails, a
/// file `kill` in its folder stops every order. It is pulled by whatever cannot be told apart from
/// being pulled: where the folder cannot be read, nothing leaves.
public final class KillSwitch: Sendable {
  public let folder: String
  private let isLatched = Atomic<Bool>(false)
  private let seenActs: Atomic<Int>

  /// - Parameter folder: is made where it is not there
  public init(folder: String) throws(FileError) {
    try Folder.make(folder)
    self.folder = folder
    seenActs = Atomic(RiskActs(folder: folder).count)
    look()
  }

  private var file: String { folder + "/" + RiskActs.killFile }

  /// Pulled, as far as was seen: costs one load, so that every order can ask.
  public var isPulled: Bool {
    isLatched.load(ordering: .acquiring) || Self.wasSignalled.load(ordering: .acquiring)
  }

  /// Looks for the file.
  public func look() {
    if access(file, F_OK) == 0 || errno != ENOENT { isLatched.store(true, ordering: .releasing) }
  }

  public func pull() { isLatched.store(true, ordering: .releasing) }

  /// A person has let the account trade again: true until the file is there once more.
  func reset() {
    isLatched.store(false, ordering: .releasing)
    Self.wasSignalled.store(false, ordering: .releasing)
    look()
  }

  /// What a person has asked for since this was asked last, if anything.
  public func nextAct(isKilled: Bool) -> OperatorAct? {
    look()
    let acts = RiskActs(folder: folder)
    if isPulled, !isKilled { return acts.killing }
    let seen = seenActs.load(ordering: .relaxed)
    let (act, number) = acts.resumption(after: seen)
    guard let act else { return nil }
    seenActs.store(number, ordering: .relaxed)
    return act
  }

  // Set by a signal handler, where nothing else is allowed.
  private static let wasSignalled = Atomic<Bool>(false)

  /// From now on this signal stops everything in this process: `kill -USR1 PID`.
  public static func heed(signal number: Int32 = SIGUSR1) {
    // Made before the handler may run.
    _ = wasSignalled.load(ordering: .relaxed)
    signal(number) { _ in KillSwitch.wasSignalled.store(true, ordering: .releasing) }
  }
}
