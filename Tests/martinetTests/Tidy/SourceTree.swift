import Foundation
import TestKit

/// The package's own files as text, for the rules of this folder.
enum SourceTree {
  struct File: Sendable {
    /// Relative to the package's root.
    let path: String
    let lines: [String]

    var name: String { String(path.split(separator: "/").last ?? "") }
    var suffix: String { name.contains(".") ? String(name.split(separator: ".").last ?? "") : "" }
    var isCode: Bool { ["swift", "c", "h", "cpp", "hpp", "py", "bash"].contains(suffix) }
  }

  /// A line that breaks a rule, as `path:line: what`.
  static func place(_ file: File, _ index: Int, _ what: String) -> String {
    "\(file.path):\(index + 1): \(what)"
  }

  static let sources = files(under: "Sources")
  static let all =
    ["Sources", "Tests", "Benchmarks", "set-up", "docs", ".ci"].flatMap(files) + topLevel()

  private static func files(under folder: String) -> [File] {
    let paths = FileManager.default.enumerator(atPath: Package.path(folder)) ?? .init()
    return paths.compactMap { $0 as? String }
      // What peers download or generate is not ours.
      .filter { !$0.hasPrefix("peers/data/") && !$0.contains("__pycache__") }
      .sorted().compactMap { read("\(folder)/\($0)") }
  }

  private static func topLevel() -> [File] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Package.root)) ?? []
    // In a work tree .git is a file, and git's own.
    return names.filter { $0 != ".git" }.sorted().compactMap(read)
  }

  /// Nil for folders, and for what is not text.
  private static func read(_ path: String) -> File? {
    guard let data = FileManager.default.contents(atPath: Package.path(path)),
      let text = String(data: data, encoding: .utf8)
    else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return File(path: path, lines: lines)
  }
}

extension String {
  var indentation: Int { prefix { $0 == " " }.count }
  var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
