/// A Redis of one test's own: nothing is kept, and it ends with the test.
///
///     let redis = try RedisServer()
///     defer { redis.stop() }
public final class RedisServer {
  public let port: UInt16
  private let process: BoundedProcess
  private let folder: ScratchFolder

  /// - Parameter limit: seconds after which it ends in any case.
  public init(limit: Int = FuzzBudget.inputs(usual: 300, nightly: 3600)) throws {
    let program = try ServerProgram.redis.requirePath()
    let folder = try ScratchFolder("redis")
    (port, process) = try LoopbackPort.trying { port in
      let process = try BoundedProcess(
        program,
        [
          "--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no",
          "--daemonize", "no", "--dir", folder.path,
        ],
        limit: limit, logPath: folder.path("log"))
      try process.waitUntilReady("answer from Redis", seconds: 20) {
        LoopbackPort.answer(from: port, to: "PING\r\n")?.hasPrefix("+PONG") ?? false
      }
      return (port, process)
    }
    self.folder = folder
  }

  public var url: String { "redis://127.0.0.1:\(port)" }

  public var isRunning: Bool { process.isRunning }

  public func stop() { process.stop() }
}
