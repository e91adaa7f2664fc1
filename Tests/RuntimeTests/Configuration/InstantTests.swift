import Runtime
import Testing

@Suite("Instants and bounds in settings") struct InstantTests {
  struct Window: Configured, Equatable {
    var from: Timestamp?
    var most = 5

    static let schema = Schema<Self>("A window") {
      Field("from", \.from, "When it begins")
      Field("most", \.most, in: ...10, "How many at most")
    }
  }

  private func load(_ text: String) throws -> Loaded<Window> {
    try Configuration<Window>.load(
      sources: [.init(name: "window.yaml", bytes: Array(text.utf8))])
  }

  @Test("an instant is read in UTC and refused without its zone") func instants() throws {
    let read = try load("from: 2024-01-31T14:30:00Z\nmost: -3\n").value
    #expect(read.from == Timestamp(seconds: 1_706_711_400) && read.most == -3)
    let error = #expect(throws: ConfigurationError.self) { try load("from: 2024-01-31 noon") }
    #expect(error?.diagnosis.place == "window.yaml:1:7")
    #expect(error?.diagnosis.finding.contains("an instant as 2024-01-31T14:30:00Z") == true)
  }

  @Test("a number above the highest is refused with what is allowed") func bounds() {
    let error = #expect(throws: ConfigurationError.self) { try load("most: 11") }
    #expect(error?.diagnosis.place == "window.yaml:1:7")
    #expect(error.map { "\($0.diagnosis)" }?.contains("10") == true)
  }

  @Test("the schema for editors says the same") func schema() {
    let text = Configuration<Window>.jsonSchema(title: "window").text()
    #expect(text.contains(#""format":"date-time""#) && text.contains(#""maximum":10"#), "\(text)")
    #expect(!text.contains("minimum"))
  }
}
