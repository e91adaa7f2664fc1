import Foundation
import Glibc

/// A PostgreSQL of one test's own, with an empty database `postgres` and a superuser `martinet`
/// who needs no password.
///
///     let database = try PostgreSQLServer()
///     defer { database.stop() }
///     let rows = try database.rows("select 1")
///
/// PostgreSQL refuses to run as root: then it runs as the user its Debian package made.
public final class PostgreSQLServer {
  public let port: UInt16
  private let process: BoundedProcess
  private let folder: ScratchFolder
  private let programs: String

  /// - Parameter limit: seconds after which it ends in any case.
  public init(limit: Int = FuzzBudget.inputs(usual: 300, nightly: 3600)) throws {
    let program = try ServerProgram.postgreSQL.requirePath()
    let programs = Self.folder(of: program)
    let folder = try ScratchFolder("postgresql")
    let account = geteuid() == 0 ? "postgres" : nil
    if let account { try folder.give(to: account) }
    // No syncing: what these tests prove does not outlive them.
    let made = try Command.run(
      programs + "/initdb",
      [
        "-D", folder.path("data"), "-U", "martinet", "--auth=trust", "--encoding=UTF8",
        "--locale=C", "--no-sync",
      ], limit: 60, folder: folder.path, account: account)
    guard made.status == 0 else {
      throw HarnessError.commandFailed(
        program: "initdb", status: made.status, output: made.output + made.errors)
    }
    (port, process) = try LoopbackPort.trying { port in
      let process = try BoundedProcess(
        program,
        [
          "-D", folder.path("data"), "-p", String(port), "-c", "listen_addresses=127.0.0.1",
          "-c", "unix_socket_directories=", "-c", "fsync=off",
        ],
        limit: limit, logPath: folder.path("log"), folder: folder.path, account: account)
      try process.waitUntilReady("answer from PostgreSQL", seconds: 30) {
        // A probe that could not be started counts as no answer; the deadline ends the wait.
        let probe = try? Command.run(
          programs + "/pg_isready", ["-q", "-h", "127.0.0.1", "-p", String(port)], limit: 5)
        return probe?.status == 0
      }
      return (port, process)
    }
    self.programs = programs
    self.folder = folder
  }

  public var url: String { "postgresql://martinet@127.0.0.1:\(port)/postgres" }

  public var isRunning: Bool { process.isRunning }

  /// Runs one statement with the server's own client; a line for each row, `|` between columns.
  public func rows(_ statement: String) throws -> [String] {
    let client = try Command.run(
      programs + "/psql", ["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url])
    guard client.status == 0 else {
      throw HarnessError.commandFailed(
        program: "psql", status: client.status, output: client.errors)
    }
    return client.output.split(separator: "\n").map(String.init)
  }

  /// Ends the server without waiting for its clients (its "fast" shutdown).
  public func stop() { process.stop(SIGINT) }

  /// Kills the process that serves a client, as a crash would: the server ends every session and
  /// recovers from its log, as it does after a loss of power. False where no client is served.
  ///
  /// Never another process: a server that is disturbed while it recovers gives up by design.
  @discardableResult
  public func crash() -> Bool {
    guard
      let file = try? String(contentsOfFile: folder.path("data/postmaster.pid"), encoding: .utf8),
      let master = file.split(separator: "\n").first,
      let children = try? String(
        contentsOfFile: "/proc/\(master)/task/\(master)/children", encoding: .utf8),
      let child = children.split(separator: " ").last(where: servesClient).flatMap({ pid_t($0) })
    else { return false }
    return kill(child, SIGKILL) == 0
  }

  /// The title of a process that serves has the client's address and port and what it does. Processes
  /// that were just made still have the server's own arguments; those that only turn a client away, as a
  /// server that recovers does, never come to a command.
  private func servesClient(_ process: Substring) -> Bool {
    guard let title = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)
    else { return false }
    return title.contains("127.0.0.1(")
      && !["initializing", "authentication", "startup"].contains { title.contains($0) }
  }

  private static func folder(of program: String) -> String {
    // Debian's name in PATH may be a link into the folder that holds all of the programs.
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let real = realpath(program, &buffer).map { String(cString: $0) } ?? program
    return String(real[..<(real.lastIndex(of: "/") ?? real.startIndex)])
  }
}
