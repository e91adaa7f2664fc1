import Foundation
import Learning
import Runtime
import Testing

@Suite("The files of hyper-parameters")
struct ModelFileTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("config/models")

  @Test("each kind has one, which says its defaults and all of them")
  func defaults() throws {
    for kind in try ModelRegistry.standard().kinds where !["nearest_mean"].contains(kind.name) {
      let path = Self.folder.appendingPathComponent("\(kind.name).yaml").path
      let read = try kind.configured([ConfigurationSource(file: path)])
      #expect(read.settings == kind.defaults, "\(kind.name)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      for member in kind.defaults.members ?? [] {
        #expect(text.contains("\(member.key):"), "\(kind.name) lacks \(member.key)")
      }
    }
  }
}
