import Foundation

/// One run of a program, bounded in time, with everything it wrote.
public struct Command: Sendable {
  public let status: Int32
  public let output: String
  public let errors: String

  /// Runs a program to its end. A status of 124 means that the limit was reached.
  ///
  /// - Parameters:
  ///   - program: a path, or a name looked up in PATH.
  ///   - limit: seconds it may take.
  ///   - environment: settings on top of this process's own.
  ///   - folder: where it runs; the tests' own folder when nil.
  public static func run(
    _ program: String, _ arguments: [String] = [], limit: Int = 60,
    environment: [String: String] = [:], folder: String? = nil
  ) throws -> Command {
    try run(
      program, arguments, limit: limit, environment: environment, folder: folder, account: nil)
  }

  static func run(
    _ program: String, _ arguments: [String], limit: Int, environment: [String: String] = [:],
    folder: String? = nil, account: String?
  ) throws -> Command {
    let scratch = try ScratchFolder("command")
    let process = try BoundedProcess(
      program, arguments, limit: limit, logPath: scratch.path("errors"),
      outputPath: scratch.path("output"), environment: environment, folder: folder,
      account: account)
    let status = process.waitForEnd()
    return Command(
      status: status, output: try Self.text(scratch.path("output")),
      errors: try Self.text(scratch.path("errors")))
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}

extension Package {
  /// A program of this package, built together with the tests: `Package.executable("martinet")`.
  public static func executable(_ name: String) -> String {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent(name).path
  }
}
