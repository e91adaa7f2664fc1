import Foundation
import TestKit
import Testing

@Suite("Set-up of Debian packages")
struct PackageSetUpTests {
  /// Runs `install_packages core` with a dpkg that knows everything but `missing`, a user of that
  /// number, and an apt-get that only notes how it was called and fails the first `failures` times.
  private func install(
    missing: [String], user: Int, failures: Int = 0
  ) throws -> (run: Command, calls: [String]) {
    let folder = try ScratchFolder("packages")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("set-up"), withDestinationPath: Package.path("set-up"))
    // Functions, not files: a file that was just written may still be busy when it is started.
    let script = """
      set -euo pipefail
      id() { echo \(user); }
      dpkg-query() {
        shift 3
        for p in "$@"; do case " \(missing.joined(separator: " ")) " in
          *" $p "*) ;; *) echo "installed $p" ;; esac; done
        return 1
      }
      apt-get() {
        echo "$@" >> calls
        [ "$1" = update ] || [ "$(grep -c '^install' calls)" -gt \(failures) ]
      }
      . set-up/report.bash
      . set-up/packages.bash
      install_packages core
      """
    let run = try Command.run("bash", ["-c", script], folder: folder.path)
    let calls = FileManager.default.contents(atPath: folder.path("calls")) ?? Data()
    return (run, String(decoding: calls, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test("where nothing is missing, apt-get is not called")
  func nothingMissing() throws {
    let (run, calls) = try install(missing: [], user: 1000)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.split(separator: "\n").count == 1)
    #expect(calls == [])
  }

  @Test("a person who is not root is told the one command, and set-up stops")
  func notRoot() throws {
    let (run, calls) = try install(missing: ["libyaml-dev", "tzdata"], user: 1000)
    #expect(run.status == 1)
    #expect(calls == [])
    let fix = run.errors.split(separator: "\n").last ?? ""
    #expect(fix.hasPrefix("fix: "))
    #expect(fix.contains("apt-get install -y --no-install-recommends libyaml-dev tzdata"))
  }

  @Test("root gets exactly what is missing, without a fetch of lists that were good enough")
  func root() throws {
    let (run, calls) = try install(missing: ["libyaml-dev"], user: 0)
    #expect(run.status == 0, "\(run.errors)")
    #expect(calls.count == 1)
    let call = try #require(calls.first)
    #expect(call.hasSuffix(" libyaml-dev") && call.contains("--no-install-recommends"))
  }

  @Test("stale lists are fetched once, and a second failure is an error with its remedy")
  func staleLists() throws {
    let mended = try install(missing: ["libyaml-dev"], user: 0, failures: 1)
    #expect(mended.run.status == 0, "\(mended.run.errors)")
    #expect(mended.calls.count { $0.hasPrefix("update") } == 1)
    let broken = try install(missing: ["libyaml-dev"], user: 0, failures: 2)
    #expect(broken.run.status == 1)
    #expect(broken.run.errors.contains("fix: "))
  }
}
