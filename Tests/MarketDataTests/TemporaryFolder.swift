import Foundation

/// A folder that is there for one test and removed with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    // In memory where that is possible: a disk takes 9 ms each time a file is replaced.
    let inMemory = FileManager.default.isWritableFile(atPath: "/dev/shm")
    path = (inMemory ? "/dev/shm/" : NSTemporaryDirectory()) + "martinet-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // A folder that stays behind harms nobody.
    _ = try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}
