import Foundation
import Glibc

/// A folder of its own for one test, removed with everything in it when the value goes away.
public final class ScratchFolder: Sendable {
  public let path: String

  public init(_ purpose: String = "test") throws {
    let name = "martinet-\(purpose)-\(UUID().uuidString.prefix(8).lowercased())"
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    // A test has nothing to say about a folder that could not be removed.
    try? FileManager.default.removeItem(atPath: path)
  }

  public func path(_ name: String) -> String { path + "/" + name }

  /// Gives the folder to another user, for servers that refuse to run as root.
  func give(to account: String) throws(HarnessError) {
    guard let entry = getpwnam(account) else {
      throw .cannotStart(program: "chown", reason: "there is no user '\(account)'")
    }
    chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid)
  }
}
