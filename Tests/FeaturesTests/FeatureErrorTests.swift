import Features
import Market
import Runtime
import Testing

@Suite("What a person reads about bars that features cannot use") struct FeatureErrorTests {
  @Test("a missing column is named with those that were found") func missing() throws {
    let bare = Frame(
      symbol: try Symbol(parsing: "NVDA"), interval: .day, start: Column([0, 2]),
      end: Column([1, 3]), knownAt: Column([1, 3]), columns: ["close": Column([1, 2])])
    let error = #expect(throws: FeatureError.self) {
      try LookAheadProof.run(features: Catalogue.starter, frames: [bare])
    }
    #expect(error?.diagnosis.place == "NVDA")
    #expect(error?.diagnosis.finding.contains("is missing (found: close)") == true)
  }

  @Test("too few bars are told with how many are needed") func few() throws {
    let frame = try Synthetic.frame(bars: 1)
    let error = #expect(throws: FeatureError.self) {
      try LookAheadProof.run(features: Catalogue.starter, frames: [frame])
    }
    #expect(error?.diagnosis.finding == "1 bars, where at least 2 are needed")
    #expect(error?.diagnosis.remedy.contains("more history") == true)
  }

  @Test("a verdict that is not clean names the first feature, row and values") func verdict() throws
  {
    let frame = try Synthetic.frame(bars: 60)
    let verdict = try LookAheadProof.run(features: [Planted.shift], frames: [frame], cuts: 2)
    #expect(!verdict.isClean)
    #expect(verdict.sentence.hasPrefix("1 of 1 columns failed, first shift of TEST, row "))
  }
}
