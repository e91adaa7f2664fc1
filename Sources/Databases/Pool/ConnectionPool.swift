import Synchronization

/// Connections that are kept open and lent to one thread at a time.
public final class ConnectionPool<Connection: AnyObject & Sendable>: Sendable {
  private let idle: Mutex<[Connection]> = Mutex([])
  private let keptMax: Int
  private let make: @Sendable () throws(DatabaseError) -> Connection

  /// - Parameter keptMax: so many stay open when nobody uses them.
  public init(
    keptMax: Int, make: @escaping @Sendable () throws(DatabaseError) -> Connection
  ) {
    precondition(keptMax > 0, "a pool keeps connections")
    self.keptMax = keptMax
    self.make = make
  }

  /// Lends a connection for the time of `body`. One that was left broken is not kept.
  public func withConnection<Result>(
    isSound: (Connection) -> Bool = { _ in true }, _ body: (Connection) throws -> Result
  ) throws -> Result {
    let connection = try idle.withLock { $0.popLast() } ?? make()
    defer {
      if isSound(connection) {
        idle.withLock { if $0.count < keptMax { $0.append(connection) } }
      }
    }
    return try body(connection)
  }

  /// Lets go of all connections nobody uses.
  public func drain() {
    idle.withLock { $0 = [] }
  }
}
