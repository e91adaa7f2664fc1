import Foundation
import Testing

/// A program outside the package that some tests need.
///
///     @Test("a bar survives the round trip", .needs(.postgreSQL)) func roundTrip() throws { … }
///
/// Where it is missing the test is skipped by name; with `CI` set in the environment it runs, and
/// fails when it starts the server.
public enum ServerProgram: String, CaseIterable, Sendable {
  case postgreSQL = "PostgreSQL"
  case redis = "Redis"
  case chromium = "Chromium"

  public var isPresent: Bool { path != nil }

  /// Where the program lies, or nil.
  var path: String? {
    switch self {
    // Debian keeps the server's programs out of PATH, one folder for each version.
    case .postgreSQL: Self.find(["postgres"], in: Self.searchPath + Self.debianPostgreSQL)
    case .redis: Self.find(["redis-server"], in: Self.searchPath)
    case .chromium: Self.find(["chromium", "chromium-browser"], in: Self.searchPath)
    }
  }

  func requirePath() throws(HarnessError) -> String {
    guard let path else { throw .missing(self) }
    return path
  }

  /// Continuous integration has every server, so one that is missing there is a failure.
  public static func runsTest(isPresent: Bool, environment: [String: String]) -> Bool {
    isPresent || environment["CI"].map { !$0.isEmpty } ?? false
  }

  private static var searchPath: [String] {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
      .split(separator: ":").map(String.init)
  }

  private static var debianPostgreSQL: [String] {
    let root = "/usr/lib/postgresql"
    guard let versions = try? FileManager.default.contentsOfDirectory(atPath: root) else {
      return []  // not a Debian, or no server there
    }
    return versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
  }

  static func find(_ names: [String], in folders: [String]) -> String? {
    for name in names {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
      {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }
}

extension Trait where Self == ConditionTrait {
  /// The test starts this program.
  public static func needs(_ program: ServerProgram) -> Self {
    .enabled(
      if: ServerProgram.runsTest(
        isPresent: program.isPresent, environment: ProcessInfo.processInfo.environment),
      "needs \(program.rawValue): run set-up/test")
  }

  /// The test reads this folder or file of the data that lies beside the package.
  public static func needsSharedData(_ name: String) -> Self {
    .enabled(if: SharedData.has(name), "needs ../shared/data/\(name)")
  }
}
