import Foundation
import TestKit
import Testing

@Suite("The house is tidy")
struct TidyTests {
  @Test("the rules below see the files they are about")
  func filesAreSeen() {
    #expect(SourceTree.sources.count > 5)
    #expect(SourceTree.all.contains { $0.path == "Tests/martinetTests/Tidy/TidyTests.swift" })
    #expect(SourceTree.all.contains { $0.path == "Package.swift" })
  }

  @Test("no file of code is over 650 lines")
  func fileLengths() {
    let long = SourceTree.all.filter { $0.isCode && $0.lines.count > 651 }
    #expect(long.map(\.path) == [])
  }

  @Test("no function is over 80 lines")
  func functionLengths() {
    let long = SourceTree.all.flatMap { file in
      FunctionLengths.functions(in: file).filter { $0.length > 80 }
        .map { "\(file.path):\($0.line): \($0.name) has \($0.length) lines" }
    }
    #expect(long == [])
  }

  @Test("the length of a function is measured from its declaration to its closing brace")
  func measuresFunctions() {
    let code = """
      public static func long(
        of: Int
      ) -> Int {
        if of > 1 {
          return 2
        }
        return 1
      }
        func required(by: Int)
        init(short: Int) { self.short = short }
      // A func in a sentence { is none.
      """
    let file = SourceTree.File(path: "a.swift", lines: code.components(separatedBy: "\n"))
    let lengths = FunctionLengths.functions(in: file).map { "\($0.line)+\($0.length)" }
    #expect(lengths == ["1+8", "10+1"])
  }

  // Written in two parts, so that these files keep the rules too.
  private static let bannedInSources = ["fatal" + "Error(", "TO" + "DO", "FIX" + "ME"]
  private static let bannedEverywhere = ["try" + "!", " as" + "!"]

  @Test("nothing in Sources can end the program by surprise, and nothing is left for later")
  func bannedWords() {
    #expect(breaches(in: SourceTree.sources.filter(\.isCode), Self.bannedInSources) == [])
    #expect(
      breaches(in: SourceTree.all.filter { $0.suffix == "swift" }, Self.bannedEverywhere) == [])
  }

  @Test("no file names a place on somebody's machine")
  func machinePaths() {
    let folders = ["work", "root", "home", "Users"]
    let pattern = "(^|[^A-Za-z0-9_.}*-])/(\(folders.joined(separator: "|")))/"
    let found = SourceTree.all.flatMap { file in
      file.lines.indices.compactMap { index in
        let line = file.lines[index]
        return line.range(of: pattern, options: .regularExpression)
          .map { SourceTree.place(file, index, String(line[$0])) }
      }
    }
    #expect(found == [])
  }

  @Test("every exception from the rules of concurrency says why it is safe")
  func uncheckedSendable() {
    let marks = ["@unchecked " + "Sendable", "nonisolated(" + "unsafe)"]
    let silent = SourceTree.all.filter { $0.suffix == "swift" }.flatMap { file in
      file.lines.indices.filter { index in
        marks.contains { file.lines[index].contains($0) } && !isExplained(file.lines, index)
      }.map { SourceTree.place(file, $0, "no comment on this line or above it") }
    }
    #expect(silent == [])
  }

  /// Doc comments and attributes may stand between a comment and what it is about.
  private func isExplained(_ lines: [String], _ index: Int) -> Bool {
    if lines[index].contains("//") { return true }
    let above = lines[..<index].reversed().first { !$0.trimmed.hasPrefix("@") } ?? ""
    return above.trimmed.hasPrefix("//")
  }

  private func breaches(in files: [SourceTree.File], _ words: [String]) -> [String] {
    files.flatMap { file in
      file.lines.indices.flatMap { index in
        words.filter { file.lines[index].contains($0) }.map { SourceTree.place(file, index, $0) }
      }
    }
  }

  @Test(
    "what a stranger looks for is there",
    arguments: [
      "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/ARCHITECTURE.md",
      ".editorconfig", ".gitignore", ".swift-format", "Samples/README.md",
    ])
  func expectedFiles(path: String) {
    #expect(FileManager.default.fileExists(atPath: Package.path(path)))
  }

  @Test("continuous integration runs the command that README tells a person to run")
  func sameCommand() throws {
    let script = try String(contentsOfFile: Package.path(".ci/run"), encoding: .utf8)
    let readme = try String(contentsOfFile: Package.path("README.md"), encoding: .utf8)
    #expect(script.contains("\nmake test\n"))
    #expect(readme.contains("make test"))
  }
}
