import Foundation
import Glibc
import Runtime
import TestKit
import Testing

@Suite("Secret") struct SecretTests {
  private struct Account: Encodable {
    var name = "me"
    var key = Secret("hunter2")
  }

  @Test("shows itself in none of the ways a value is shown") func neverShown() throws {
    let account = Account()
    var dumped = ""
    dump(account, to: &dumped)
    let outlet = Outlet()
    let log = Log(.ecs(service: "test"), to: outlet)
    log.info("key \(account.key)", ["key": LogValue(account.key), "all": "\(account)"])
    let encoded = try JSONEncoder().encode(account)
    let children = Mirror(reflecting: account.key).children.map { "\($0)" }
    let shown =
      [
        "\(account.key)", String(describing: account), String(reflecting: account), dumped,
        "\([account.key])", "\(Optional(account.key) as Any)",
        String(decoding: encoded, as: UTF8.self),
      ] + lines(outlet) + children
    for text in shown { #expect(!text.contains("hunter2")) }
    #expect("\(account.key)" == "«secret»")
    #expect(account.key.withExposed { $0 } == "hunter2")
  }

  @Test("comes from the environment") func environment() throws {
    let reference = try #require(SecretReference("env:KEY"))
    #expect(try reference.load(environment: ["KEY": "k"]).withExposed { $0 } == "k")
    #expect(throws: SecretError.notSet(variable: "KEY")) { try reference.load(environment: [:]) }
    #expect(throws: SecretError.empty(place: "KEY")) {
      try reference.load(environment: ["KEY": ""])
    }
  }

  @Test("comes from a file nobody else may read, without its last newline") func file() throws {
    let folder = try TemporaryFolder()
    try folder.write("key", "k 1\n", mode: 0o600)
    let path = folder.path("key")
    #expect(try SecretReference.file(path).load().withExposed { $0 } == "k 1")
  }

  @Test(
    "a file others may read is refused with the remedy", arguments: [0o644, 0o640, 0o604, 0o700])
  func openToOthers(mode: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write("key", "hunter2", mode: mode)
    let path = folder.path("key")
    let error = #expect(throws: SecretError.openToOthers(path: path, mode: UInt32(mode))) {
      try SecretReference.file(path).load()
    }
    #expect(error?.diagnosis.remedy == "chmod 600 \(path)")
    #expect(error?.diagnosis.exitCode == .refused)
  }

  @Test(
    "another user's file is refused", .enabled(if: geteuid() == 0, "needs root to give a file away")
  )
  func anotherUsersFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("key", "hunter2", mode: 0o600)
    #expect(chown(folder.path("key"), 12_345, 12_345) == 0)
    #expect(throws: SecretError.notYours(path: folder.path("key"))) {
      try SecretReference.file(folder.path("key")).load()
    }
  }

  @Test("missing, empty, huge and binary files and folders are refused") func badFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("empty", "\n", mode: 0o600)
    try folder.write("huge", String(repeating: "x", count: 65 * 1024), mode: 0o600)
    try AtomicFile.write([0xFF, 0xFE], to: folder.path("binary"), mode: 0o600)
    for name in ["missing", "empty", "huge", "binary", ""] {
      #expect(throws: SecretError.self) { try SecretReference.file(folder.path(name)).load() }
    }
  }

  @Test(
    "a reference is env:NAME or file:PATH",
    arguments: ["", "KEY", "env:", "env:A B", "file:", "env:1A"])
  func badReferences(text: String) {
    #expect(SecretReference(text) == nil)
  }
}
