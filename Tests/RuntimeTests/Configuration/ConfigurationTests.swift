import Foundation
import Runtime
import TestKit
import Testing

@Suite("Configuration") struct ConfigurationTests {
  @Test("an empty text leaves every default") func empty() throws {
    for text in ["", "# only a comment\n", "---\n", "costs:\n"] {
      let loaded = try SampleSettings.load(text)
      #expect(loaded.value == SampleSettings())
      #expect(loaded.effective.allSatisfy { $0.origin == .builtIn })
    }
  }

  @Test("reads every kind of value") func everyKind() throws {
    let text = """
      strategy: NO
      batch_size: 0o20
      seed: 18446744073709551615
      shuffle: false
      side: short
      symbols: [NA, TRUE, 1E5, NULL, "~"]
      windows: [5, 10]
      patience: 1h30min
      first_day: 2024-02-29
      api_key: env:BROKER_KEY
      costs:
        fee: 1e-1
        cap: 20
      """
    let value = try SampleSettings.load(text).value
    #expect(value.strategy == "NO")
    #expect(value.batchSize == 16)
    #expect(value.seed == .max)
    #expect(!value.isShuffled)
    #expect(value.side == .short)
    #expect(value.symbols == ["NA", "TRUE", "1E5", "NULL", "~"])
    #expect(value.windows == [5, 10])
    #expect(value.patience == .seconds(5400))
    #expect(value.firstDay == CivilDate(year: 2024, month: 2, day: 29))
    #expect(value.key == .environment("BROKER_KEY"))
    #expect(value.costs == SampleSettings.Costs(fee: 0.1, minimum: 1, cap: 20))
  }

  @Test("later files lie over earlier ones, --set over all, and each value knows its origin")
  func overlays() throws {
    let base = "batch_size: 8\nsymbols: [A, B]\ncosts:\n  fee: 2\n  minimum: 3\n"
    let production = "symbols: [C]\ncosts:\n  fee: 4\n"
    let loaded = try Configuration<SampleSettings>.load(
      sources: [
        .init(name: "base.yaml", bytes: Array(base.utf8)),
        .init(name: "prod.yaml", bytes: Array(production.utf8)),
      ],
      sets: ["costs.minimum=0.25", "symbols=D, E,F", "strategy=a=b: c # d"])
    #expect(loaded.value.batchSize == 8)
    #expect(loaded.value.symbols == ["D", "E", "F"])
    #expect(loaded.value.strategy == "a=b: c # d")
    #expect(loaded.value.costs == SampleSettings.Costs(fee: 4, minimum: 0.25, cap: nil))
    #expect(loaded.origin(of: "batch_size").description == "base.yaml:1")
    #expect(loaded.origin(of: "costs.fee").description == "prod.yaml:3")
    #expect(loaded.origin(of: "costs.minimum").description == "--set costs.minimum")
    #expect(loaded.origin(of: "seed").description == "default")
    #expect(loaded.effective.map(\.key).prefix(2) == ["strategy", "batch_size"])
    #expect(loaded.effective.map(\.key).last == "costs.cap")
    #expect(loaded.json["costs"]?["fee"] == .number(4))
    let first = #"[{"key":"strategy","value":"a=b: c # d","origin":"--set strategy"},"#
    #expect(loaded.effectiveJSON.text().hasPrefix(first))
  }

  @Test(
    "refuses what is wrong in one line that names place and remedy",
    arguments: [
      ("batchsize: 3", "base.yaml:1:1", "did you mean batch_size?"),
      ("costs:\n  feee: 3", "base.yaml:2:3", "did you mean fee?"),
      ("zebra: 3", "base.yaml:1:1", "the keys here are: strategy, batch_size"),
      ("batch_size: many", "base.yaml:1:13", "write digits only"),
      ("batch_size: 1_000", "base.yaml:1:13", "write digits only"),
      ("batch_size: \"5\"", "base.yaml:1:13", "write digits only"),
      ("batch_size: 5.5", "base.yaml:1:13", "write digits only"),
      ("batch_size: 99999999999999999999", "base.yaml:1:13", "write digits only"),
      ("batch_size: 0", "base.yaml:1:13", "from 1 to 4096"),
      ("seed: -1", "base.yaml:1:7", "write digits only"),
      ("shuffle: yes", "base.yaml:1:10", "write true or false"),
      ("shuffle: NO", "base.yaml:1:10", "write true or false"),
      ("side: shrt", "base.yaml:1:7", "did you mean short?"),
      ("symbols: NVDA", "base.yaml:1:10", "[first, second]"),
      ("symbols:\n  - A\n  - [B]", "base.yaml:3:5", "quotation marks"),
      ("windows: [5, 501]", "base.yaml:1:14", "from 1 to 500 bars"),
      ("windows: [5, x]", "base.yaml:1:14", "write digits only"),
      ("patience: 90", "base.yaml:1:11", "90s"),
      ("first_day: 2023-02-29", "base.yaml:1:12", "day of the month"),
      ("strategy:", "base.yaml:1:10", "quotation marks"),
      ("costs: 5", "base.yaml:1:8", "indented"),
      ("costs:\n  fee: .nan", "base.yaml:2:8", "write digits"),
      ("costs:\n  fee: .inf", "base.yaml:2:8", "write digits"),
      ("costs:\n  fee: -0.5", "base.yaml:2:8", "from 0.0 to 100.0 bps"),
      ("costs:\n  cap: 0.5", "base.yaml:2:8", "raise cap"),
      ("- a\n- b", "base.yaml:1:1", "indented"),
      ("just text", "base.yaml:1:1", "indented"),
    ])
  func refuses(text: String, place: String, remedy: String) {
    let error = #expect(throws: ConfigurationError.self) { try SampleSettings.load(text) }
    guard let diagnosis = error?.diagnosis else { return }
    #expect(diagnosis.place == place)
    #expect(diagnosis.remedy.contains(remedy))
    #expect(!diagnosis.remedy.isEmpty)
    #expect(diagnosis.exitCode == .wrongUsage)
    expectOneLine(diagnosis)
  }

  @Test(
    "refuses what --set gets wrong",
    arguments: [
      ("costs.feee=3", "--set costs.feee", "did you mean fee?"),
      ("batch_size=x", "--set batch_size", "write digits only"),
      ("batch_size", "--set \"batch_size\"", "--set costs.fee=0.5"),
      ("=3", "--set \"=3\"", "--set costs.fee=0.5"),
      ("costs..fee=3", "--set \"costs..fee=3\"", "--set costs.fee=0.5"),
      ("costs=3", "--set costs", "indented"),
      ("strategy.x=3", "--set strategy.x", "quotation marks"),
    ])
  func refusesSet(text: String, place: String, remedy: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try SampleSettings.load("", sets: [text])
    }
    #expect(error?.diagnosis.place == place)
    #expect(error?.diagnosis.remedy.contains(remedy) ?? false)
  }

  @Test("a --set with ten thousand dots is refused") func deepSet() {
    let text = Array(repeating: "a", count: 10_000).joined(separator: ".") + "=1"
    let error = #expect(throws: ConfigurationError.self) {
      try SampleSettings.load("", sets: [text])
    }
    if let diagnosis = error?.diagnosis { expectOneLine(diagnosis) }
  }

  @Test("a secret written into the file is refused and not repeated") func secretInFile() {
    let error = #expect(throws: ConfigurationError.self) {
      try SampleSettings.load("api_key: hunter2")
    }
    #expect(!String(describing: error).contains("hunter2"))
    #expect(error?.diagnosis.place == "base.yaml:1:10")
  }

  @Test("a required key must be given by someone") func required() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration<NeedsPath>.load(sources: [.init(name: "a.yaml", bytes: [])])
    }
    #expect(error == .missingKey(place: "a.yaml", key: "path"))
    #expect(try Configuration<NeedsPath>.load(sets: ["path=x"]).value.path == "x")
  }

  @Test("the JSON schema has type, bounds, default and words of each key") func schema() throws {
    let schema = Configuration<SampleSettings>.jsonSchema(title: "sample")
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    let keys = schema["properties"]
    #expect(
      keys?["batch_size"] == [
        "type": "integer", "minimum": 1, "maximum": 4096, "description": "Windows in one step",
        "default": 64,
      ])
    #expect(keys?["side"]?["enum"] == ["long", "short", "both"])
    #expect(keys?["windows"]?["items"] == ["type": "integer", "minimum": 1, "maximum": 500])
    let cap = keys?["costs"]?["properties"]?["cap"]
    #expect(cap?["anyOf"] == [["type": "number", "minimum": 0.0], ["type": "null"]])
    #expect(cap?["description"] == "Most paid for an order (USD)")
    #expect(schema["additionalProperties"] == false)
    let read = try JSONSerialization.jsonObject(with: Data(schema.text(pretty: true).utf8))
    #expect(read is [String: Any])
    #expect(
      Configuration<NeedsPath>.jsonSchema(title: "x")["required"] == ["path"])
  }

  @Test("what is shown as effective reads back as the same settings") func effectiveReadsBack()
    throws
  {
    let text = "symbols: [\"a: b\", \"~\"]\ncosts: {fee: 0.1, cap: 7}\npatience: 250ms\nseed: 7"
    let loaded = try SampleSettings.load(text)
    // JSON is YAML.
    #expect(try SampleSettings.load(loaded.json.text(pretty: true)).value == loaded.value)
  }

  @Test("an environment is a file beside the base, and its name cannot leave the folder")
  func environments() throws {
    let folder = try TemporaryFolder()
    try folder.write("base.yaml", "seed: 1\n")
    try folder.write("prod.yaml", "seed: 2\n")
    let base = folder.path("base.yaml")
    let files = try ConfigurationLayers.files(base: base, environment: "prod")
    #expect(files == [base, folder.path("prod.yaml")])
    #expect(try Configuration<SampleSettings>.load(files: files).value.seed == 2)
    #expect(try ConfigurationLayers.files(base: base, environment: nil) == [base])
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationLayers.files(base: base, environment: "prd")
    }
    #expect(error?.diagnosis.remedy == "did you mean prod?")
    for name in ["../prod", "", "prod.yaml", "/etc/passwd"] {
      #expect(throws: ConfigurationError.self) {
        try ConfigurationLayers.files(base: base, environment: name)
      }
    }
  }

  @Test("a missing file and a folder are refused with a remedy") func unreadable() throws {
    let folder = try TemporaryFolder()
    for path in [folder.path("nothing.yaml"), folder.path("")] {
      let error = #expect(throws: ConfigurationError.self) {
        try Configuration<SampleSettings>.load(files: [path])
      }
      #expect(error?.diagnosis.place == path)
    }
  }
}

func expectOneLine(_ diagnosis: Diagnosis, sourceLocation: SourceLocation = #_sourceLocation) {
  for text in [diagnosis.place, diagnosis.finding, diagnosis.remedy] {
    #expect(!text.contains { $0.isNewline }, sourceLocation: sourceLocation)
    #expect(text.count < 400, sourceLocation: sourceLocation)
  }
}
