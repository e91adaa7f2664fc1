import Foundation
import Glibc
import Runtime
import TestKit
import Testing

@Suite("Files and hashes") struct FileTests {
  @Test("a file is replaced whole and leaves nothing beside it") func replaces() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.json")
    try AtomicFile.write("old", to: path)
    try AtomicFile.write("new", to: path)
    #expect(try SmallFile.read(path, bytesMax: 100) == Array("new".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["a.json"])
  }

  @Test("readers see the old content or the new, never a part") func neverAPart() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a")
    let old = [UInt8](repeating: 1, count: 100_000)
    let new = [UInt8](repeating: 2, count: 100_000)
    try AtomicFile.write(old, to: path)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        for round in 0..<20 { try AtomicFile.write(round % 2 == 0 ? new : old, to: path) }
        return true
      }
      group.addTask {
        for _ in 0..<200 {
          let bytes = try SmallFile.read(path, bytesMax: 1_000_000)
          guard bytes == old || bytes == new else { return false }
        }
        return true
      }
      for try await isWhole in group { #expect(isWhole) }
    }
  }

  @Test("a write that fails leaves what was there and says why") func failedWrite() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", "old")
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write("y", to: folder.path("no/a"))
    }
    #expect(error?.diagnosis.finding == "there is no such file")
    // A folder cannot be replaced by a file.
    #expect(throws: FileError.self) { try AtomicFile.write("y", to: folder.root) }
    #expect(try SmallFile.read(folder.path("x"), bytesMax: 10) == Array("old".utf8))
  }

  @Test(
    "a full disk has a name of its own",
    .enabled(if: access("/dev/full", W_OK) == 0, "needs /dev/full"))
  func fullDisk() throws {
    let file = try FileDescriptor(path: "/dev/full", flags: O_WRONLY)
    #expect(throws: FileError.diskFull(path: "/dev/full")) { try file.write([1, 2, 3]) }
  }

  @Test("a folder, a pipe, a missing file and one too large are refused") func refuses() throws {
    let folder = try TemporaryFolder()
    try folder.write("a", "12345")
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    #expect(throws: FileError.tooLarge(path: folder.path("a"), bytesMax: 4)) {
      try SmallFile.read(folder.path("a"), bytesMax: 4)
    }
    #expect(throws: FileError.notARegularFile(path: folder.path("pipe"))) {
      try SmallFile.read(folder.path("pipe"), bytesMax: 4)
    }
    #expect(throws: FileError.notARegularFile(path: folder.root)) {
      try SmallFile.read(folder.root, bytesMax: 4)
    }
    #expect(throws: FileError.missing(path: folder.path("b"))) {
      try SmallFile.read(folder.path("b"), bytesMax: 4)
    }
    #expect(throws: FileError.self) { try SmallFile.read("a\u{0}b", bytesMax: 4) }
  }

  @Test(
    "SHA-256 of the examples of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, digest: String) {
    #expect(SHA256.hash(text).description == digest)
    var hash = SHA256()
    for byte in text.utf8 { hash.update([byte]) }
    #expect(hash.finish().description == digest)
  }

  @Test("the hash of a file is that of its bytes, however large") func fileHash() throws {
    let folder = try TemporaryFolder()
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let path = folder.path("a")
    try AtomicFile.write(bytes + bytes + bytes, to: path)
    #expect(try SHA256.hash(file: path) == SHA256.hash(bytes + bytes + bytes))
    // FIPS 180-4's third example: a million times the letter a.
    #expect(
      SHA256.hash(bytes).description
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(throws: FileError.self) { try SHA256.hash(file: folder.root) }
  }
}
