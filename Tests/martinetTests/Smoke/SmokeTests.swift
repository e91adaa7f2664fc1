import Market
import MarketData
import Numerics
import Testing

/// What also runs in debug mode, where overflow and bounds checks are strictest: one quick test of
/// each thing everything else stands on. `Tests/run` finds them by this suite's name.
@Suite("Smoke")
struct SmokeTests {
  @Test("the libraries of .deps are loaded")
  func librariesLoad() {
    #expect(arrowVersion().split(separator: ".").count == 3)
  }
}
