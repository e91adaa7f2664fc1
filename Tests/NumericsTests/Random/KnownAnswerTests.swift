import Numerics
import Testing

/// Vectors published with the generators: Random123, tests/kat_vectors.
@Suite("Counter-based generators give the published answers")
struct KnownAnswerTests {
  @Test(
    "Philox 4x32-10",
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
      ),
      (
        SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
        SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
        SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ])
  func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>) {
    #expect(Philox.block(counter, key: (key.x, key.y)) == expected)
  }

  @Test(
    "Threefry 4x64-20",
    arguments: [
      (
        SIMD4<UInt64>(repeating: 0), SIMD4<UInt64>(repeating: 0),
        SIMD4<UInt64>(
          0x0921_8ebd_e6c8_5537, 0x5594_1f52_66d8_6105, 0x4bd2_5e16_2824_34dc,
          0xee29_ec84_6bd2_e40b)
      ),
      (
        SIMD4<UInt64>(repeating: .max), SIMD4<UInt64>(repeating: .max),
        SIMD4<UInt64>(
          0x29c2_4097_942b_ba1b, 0x0371_bbfb_0f6f_4e11, 0x3c23_1ffa_33f8_3a1c,
          0xcd29_113f_de32_d168)
      ),
      (
        SIMD4<UInt64>(
          0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0,
          0x082e_fa98_ec4e_6c89),
        SIMD4<UInt64>(
          0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c, 0xbe54_66cf_34e9_0c6c,
          0xc0ac_29b7_c97c_50dd),
        SIMD4<UInt64>(
          0xa7e8_fde5_9165_1bd9, 0xbaaf_d0c3_0138_319b, 0x84a5_c1a7_29e6_85b9,
          0x901d_406c_cebc_1ba4)
      ),
    ])
  func threefry(counter: SIMD4<UInt64>, key: SIMD4<UInt64>, expected: SIMD4<UInt64>) {
    #expect(Threefry.block(counter, key: key) == expected)
  }
}
