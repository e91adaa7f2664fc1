import Learning
import Runtime
import Testing

@Suite("The registry of models")
struct RegistryTests {
  @Test("kinds whose files are part of the program are there without a list")
  func announced() throws {
    let names = try ModelRegistry.standard().kinds.map(\.name)
    #expect(names.contains("naive"))
    #expect(names == names.sorted())
  }
}
