import Foundation
import Runtime
import TestKit
import Testing

@Suite("Facts about the machine") struct MachineTests {
  @Test("memory is read in KiB") func memory() {
    let text = "MemTotal:       24684092 kB\nMemFree:  1 kB\nMemAvailable:   24071156 kB\n"
    let memory = Machine.Memory(meminfo: text)
    #expect(memory?.total == 24_684_092 * 1024)
    #expect(memory?.available == 24_071_156 * 1024)
  }

  @Test(
    "a text that is no such file gives nothing and does not trap",
    arguments: ["", "MemTotal:", "MemTotal: 18446744073709551615 kB\nMemAvailable: 1 kB", "x\n\n:"])
  func noMemory(text: String) {
    #expect(Machine.Memory(meminfo: text) == nil)
  }

  @Test(
    "a version number is found in what programs say",
    arguments: [
      ("Swift version 6.3.1 (swift-6.3.1-RELEASE)", "6.3.1"),
      ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18"),
      ("Redis server v=7.0.15 sha=00000000:0", "7.0.15"),
      ("Chromium 156.0.8078.79 built", "156.0.8078.79"),
      ("nothing 7 here", nil), ("...", nil), ("", nil),
    ])
  func versions(text: String, number: String?) {
    #expect(ProgramProbe.versionNumber(in: text) == number)
  }

  private func program(_ script: String) throws -> (ScratchFolder, String) {
    let folder = try ScratchFolder("probe")
    let path = folder.path("tool")
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return (folder, path)
  }

  @Test("a program is found on the path and asked for its version") func probe() throws {
    // A link, because a file just written may still be open in a child that another test starts.
    let folder = try ScratchFolder("probe")
    let path = folder.path("tool")
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: "/usr/bin/bash")
    let probe = ProgramProbe(environment: ["PATH": "/nonexistent:\(folder.path)"])
    #expect(probe.path(of: ["absent", "tool"]) == path)
    #expect(probe.path(of: ["absent"]) == nil)
    #expect(ProgramProbe.versionText(of: path)?.contains("GNU bash") == true)
  }

  @Test("a program that hangs, fails or chatters does not hold us up") func bad() throws {
    let (hanging, slow) = try program("exec sleep 60")
    let begin = ContinuousClock.now
    #expect(ProgramProbe.versionText(of: slow, within: .milliseconds(200)) == nil)
    #expect(ContinuousClock.now - begin < .seconds(20))
    let (failing, wrong) = try program("echo 1.2; exit 3")
    #expect(ProgramProbe.versionText(of: wrong) == nil)
    let (chattering, loud) = try program("yes 1.2 | head -n 100000")
    #expect((ProgramProbe.versionText(of: loud)?.utf8.count ?? 0) < 10_000)
    #expect(ProgramProbe.versionText(of: "/nonexistent") == nil)
    withExtendedLifetime((hanging, failing, chattering)) {}
  }

  @Test("disk, clock and time zones answer here") func here() throws {
    #expect(try #require(Machine.freeDisk(at: "/")) > 0)
    #expect(Machine.freeDisk(at: "/nonexistent") == nil)
    #expect([.synchronised, .notSynchronised, .unknown].contains(Machine.clockState()))
    #expect(Machine.timeZoneData(folder: "/nonexistent") == nil)
  }
}
