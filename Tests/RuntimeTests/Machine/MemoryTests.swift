import Foundation
import Runtime
import Testing

@Suite("Memory") struct MemoryTests {
  @Test(
    "Amounts are read in powers of a thousand and of 1024, and written so that they read back",
    arguments: [
      ("512MB", 512_000_000, "500000KiB"), ("512MiB", 1 << 29, "512MiB"), ("2GiB", 1 << 31, "2GiB"),
      ("1gb", 1_000_000_000, "1000000000B"), ("7B", 7, "7B"), ("64KiB", 1 << 16, "64KiB"),
    ])
  func amounts(text: String, bytes: Int, written: String) throws {
    let size = try MemorySize.read(text: text)
    #expect(size.byteCount == UInt64(bytes))
    #expect(size.configurationText == written)
    #expect(try MemorySize.read(text: written) == size)
  }

  @Test(
    "What is no amount is refused",
    arguments: ["", "512", "MB", "-1MB", "0MB", "1.5GB", "5 MB", "99999999999TB", "٣MB", "1XB"])
  func refused(text: String) {
    #expect(throws: ConfigurationRefusal.self) { try MemorySize.read(text: text) }
  }

  @Test("The process knows what it holds") func resident() throws {
    let before = try #require(MemoryCeiling.resident)
    let block = [UInt8](repeating: 7, count: 64 << 20)
    let after = try #require(MemoryCeiling.resident)
    #expect(block[1 << 20] == 7)
    #expect(before.byteCount > 1 << 20 && after.byteCount > before.byteCount + (40 << 20))
  }
}
