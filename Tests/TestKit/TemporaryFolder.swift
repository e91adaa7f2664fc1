import Foundation

/// A folder of a test's own, removed with everything in it when the test lets go of it.
public final class TemporaryFolder: Sendable {
  public let root: String

  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("martinet-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    root = url.path
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: root)
    } catch {
      print("could not remove \(root): \(error)")
    }
  }

  public func path(_ name: String) -> String { root + "/" + name }

  public func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
  }
}
