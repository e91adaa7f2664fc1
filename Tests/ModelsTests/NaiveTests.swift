import Learning
import Testing

@Suite("The naive model")
struct NaiveTests {
  @Test("it is registered as a baseline")
  func registered() throws {
    #expect(try ModelRegistry.standard().kind("naive").card.family == .baseline)
  }
}
