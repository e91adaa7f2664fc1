import Foundation

/// A TLS server with a certificate that it made itself, on a loopback port.
public final class TLSServer {
  private let process: BoundedProcess
  private let folder: ScratchFolder
  private let port: UInt16

  public var base: String { "https://127.0.0.1:\(port)/" }

  public init() throws {
    let folder = try ScratchFolder("tls")
    let made = try Command.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder.path("key.pem"), "-out",
        folder.path("certificate.pem"),
      ], limit: 30)
    guard made.status == 0 else {
      throw HarnessError.commandFailed(
        program: "openssl", status: made.status, output: made.errors)
    }
    (process, port) = try LoopbackPort.trying { port in
      let process = try BoundedProcess(
        "openssl",
        [
          "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-key", folder.path("key.pem"),
          "-cert", folder.path("certificate.pem"),
        ], limit: 60, logPath: folder.path("log"))
      try process.waitUntilReady("TLS server", seconds: 10) {
        let log = (try? String(contentsOfFile: folder.path("log"), encoding: .utf8)) ?? ""
        return log.contains("ACCEPT")
      }
      return (process, port)
    }
    self.folder = folder
  }
}
