import Foundation
import Runtime
import TestKit
import Testing

@Suite("Completions") struct CompletionTests {
  private static func has(_ program: String) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }

  private func script(_ shell: CompletionScript.Shell) throws -> (ScratchFolder, String) {
    let folder = try ScratchFolder("completion")
    let path = folder.path("_sample")
    try CompletionScript.text(for: shell, of: SampleProgram.program)
      .write(toFile: path, atomically: true, encoding: .utf8)
    return (folder, path)
  }

  @Test(
    "every shell reads its script",
    .enabled(if: has("bash")),
    arguments: CompletionScript.Shell.allCases.filter { has($0.rawValue) })
  func parses(shell: CompletionScript.Shell) throws {
    let (folder, path) = try script(shell)
    let check = try Command.run(shell.rawValue, ["-n", path], limit: 20)
    #expect(check.status == 0, "\(check.errors)")
    withExtendedLifetime(folder) {}
  }

  @Test(
    "bash offers what may follow", .enabled(if: has("bash"), "needs bash"),
    arguments: [
      (["sample", ""], "fly land crash nest"),
      (["sample", "fl"], "fly"),
      (["sample", "help", "ne"], "nest"),
      (["sample", "nest", ""], "build"),
      (["sample", "nest", "make", "--he"], "--help"),
      (["sample", "soar", "--sy"], "--symbols"),
      (["sample", "fly", "--shape", ""], "round square"),
      (["sample", "fly", "--shape", "=", "sq"], "square"),
      (["sample", "fly", "--shape", "="], "round square"),
      (["sample", "--json", "fly", "--fo"], "--force"),
    ])
  func bash(words: [String], offered: String) throws {
    let (folder, path) = try script(.bash)
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let run = try Command.run(
      "bash",
      [
        "-c",
        """
        . '\(path)'; COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
        _sample sample; printf '%s\\n' "${COMPREPLY[*]}"
        """,
      ], limit: 20)
    #expect(run.output == offered + "\n")
    withExtendedLifetime(folder) {}
  }

  @Test("bash offers files with spaces whole, for a flag that takes one")
  func files() throws {
    let (folder, path) = try script(.bash)
    try "".write(toFile: folder.path("my settings.yaml"), atomically: true, encoding: .utf8)
    let run = try Command.run(
      "bash",
      [
        "-c",
        """
        . '\(path)'; COMP_WORDS=(sample fly -c my); COMP_CWORD=3
        _sample sample; printf '%s|' "${COMPREPLY[@]}"
        """,
      ], limit: 20, folder: folder.path)
    #expect(run.output == "my settings.yaml|")
  }

  @Test("fish offers what may follow", .enabled(if: has("fish"), "needs fish")) func fish() throws {
    let (folder, path) = try script(.fish)
    for (line, offered) in [
      ("sample fl", "fly"), ("sample nest ", "build"), ("sample soar --shape ", "round"),
    ] {
      let run = try Command.run(
        "fish", ["-N", "-c", "source '\(path)'; complete -C '\(line)'"], limit: 20)
      #expect(run.output.contains(offered), "\(line): \(run.output)\(run.errors)")
    }
    withExtendedLifetime(folder) {}
  }
}
