import Runtime
import TestKit
import Testing

@Suite("CRC-32C") struct CRC32CTests {
  @Test("The examples of RFC 3720, appendix B.4, and of Castagnoli's usual one")
  func knownValues() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum([]) == 0)
  }

  @Test("The processor's instruction and the table agree, whole and in pieces, at every length")
  func processorAndTable() {
    var random = SeededGenerator(seed: 4)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      var table = CRC32C(usesProcessor: false)
      bytes.withUnsafeBytes { table.update($0) }
      #expect(table.value == CRC32C.checksum(bytes))
      var pieces = CRC32C()
      bytes[..<(length / 3)].withUnsafeBytes { pieces.update($0) }
      bytes[(length / 3)...].withUnsafeBytes { pieces.update($0) }
      #expect(pieces.value == table.value)
    }
  }
}
