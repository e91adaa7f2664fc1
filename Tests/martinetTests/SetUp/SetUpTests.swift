import Foundation
import TestKit
import Testing

@Suite("Set-up")
struct SetUpTests {
  /// Runs lines of bash with the parts of set-up loaded, and a cache and a .deps of the test's own.
  private func run(_ script: String, in folder: ScratchFolder) throws -> Command {
    let load =
      "set -euo pipefail; for p in report processor libraries; do . $SET_UP/$p.bash; done\n"
    let environment = ["SET_UP": Package.path("set-up"), "XDG_CACHE_HOME": folder.path("cache")]
    return try Command.run(
      "bash", ["-c", load + script], environment: environment, folder: folder.path)
  }

  private static let level3 = "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"
  private static let level4 = "avx512f avx512bw avx512cd avx512dq avx512vl"

  @Test(
    "the processor level is the highest whose every feature is there",
    arguments: [
      ("x86_64", level3 + " " + level4, "x86-64-v4"),
      ("x86_64", level3 + " avx512f avx512bw avx512cd avx512dq", "x86-64-v3"),
      ("x86_64", level3, "x86-64-v3"),
      ("x86_64", "avx avx2 bmi1 f16c fma abm movbe xsave", ""),
      ("aarch64", "", "arm64"),
    ])
  func level(machine: String, flags: String, expected: String) throws {
    let folder = try ScratchFolder("set-up")
    try "processor\t: 0\nflags\t\t: fpu \(flags) sse\n".write(
      toFile: folder.path("cpuinfo"), atomically: true, encoding: .utf8)
    let found = try run("find_processor_level \(machine) cpuinfo", in: folder)
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.trimmingCharacters(in: .newlines) == expected)
  }

  /// A python3 whose pip "downloads" a file with the text `wheel`, and counts how often.
  private static let fakePython = """
    python3() {
      case "$*" in *download*) ;; *) return 0 ;; esac
      echo once >> downloads
      while [ "$1" != --dest ]; do shift; done
      printf wheel > "$2/some.whl"
    }

    """

  @Test("a download whose hash is wrong is refused in one line, with the remedy, and not kept")
  func wrongHash() throws {
    let folder = try ScratchFolder("set-up")
    let wrong = String(repeating: "0", count: 64)
    let fetched = try run(
      Self.fakePython + "fetch_wheel some 1.0 \(wrong) x86_64", in: folder)
    #expect(fetched.status == 1)
    let lines = fetched.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains("refused and deleted") ?? false)
    #expect(lines.last?.hasPrefix("fix: ") ?? false)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("cache/martinet/wheels"))
        == [])
  }

  @Test("what was downloaded once is not downloaded again, and damage in the cache is mended")
  func cached() throws {
    let folder = try ScratchFolder("set-up")
    let script = """
      hash=$(printf wheel | sha256sum | cut -d' ' -f1)
      fetch_wheel some 1.0 $hash x86_64 >/dev/null
      fetch_wheel some 1.0 $hash x86_64 >/dev/null
      wc -l < downloads
      echo damage >> "$wheels/$hash"
      fetch_wheel some 1.0 $hash x86_64 >/dev/null
      wc -l < downloads
      matches "$wheels/$hash" $hash && echo whole
      """
    let fetched = try run(Self.fakePython + script, in: folder)
    #expect(fetched.errors == "")
    #expect(fetched.output == "1\n2\nwhole\n")
  }

  @Test("every library is locked by hash for both architectures")
  func lock() throws {
    let text = try String(contentsOfFile: Package.path("set-up/libraries.lock"), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " ").map(String.init) }
    for row in rows {
      try #require(row.count >= 5, "\(row)")
      #expect(row[3].count == 64 && row[3].allSatisfy(\.isHexDigit), "\(row)")
    }
    for (name, entries) in Dictionary(grouping: rows, by: { $0[0] }) {
      let architectures = Set(entries.map { $0[2] })
      #expect(architectures == ["any"] || architectures == ["x86_64", "arm64"], "\(name)")
      #expect(Set(entries.map { $0[1] }).count == 1, "\(name) has two versions")
    }
  }
}
