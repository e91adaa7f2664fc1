import CProcessor
import Testing

@Suite("Refusing an older processor")
struct ProcessorTests {
  private static let level3 = ["avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"]
  private static let level4 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]

  private func features(_ names: [String]) -> UInt32 {
    names.reduce(0) { $0 | martinet_processor_feature($1) }
  }

  private func lack(_ level: String, _ features: UInt32) -> String? {
    martinet_processor_lack(level, features).map { String(cString: $0) }
  }

  @Test("a processor with everything a level asks for is accepted")
  func accepted() {
    #expect(lack("x86-64-v3", features(Self.level3)) == nil)
    #expect(lack("x86-64-v4", features(Self.level3 + Self.level4)) == nil)
  }

  @Test("one missing feature is enough to refuse, and is named", arguments: level3 + level4)
  func namesWhatIsMissing(missing: String) {
    let all = features(Self.level3 + Self.level4)
    #expect(lack("x86-64-v4", all & ~features([missing])) == missing)
  }

  @Test("code for level 3 runs without the features of level 4")
  func levelThreeNeedsNoMore() {
    #expect(lack("x86-64-v3", features(Self.level3)) == nil)
    #expect(lack("x86-64-v4", features(Self.level3)) == "avx512f")
  }

  @Test("the processor that runs this test has what the test was built for")
  func thisMachine() {
    let level = String(cString: martinet_processor_level())
    #expect(["x86-64-v3", "x86-64-v4", "arm64"].contains(level))
    #expect(lack(level, martinet_processor_features()) == nil)
  }
}
