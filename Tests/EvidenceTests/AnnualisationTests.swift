import Evidence
import Market
import Testing

@Suite("Bars a year") struct AnnualisationTests {
  @Test("follow from interval and calendar, and are said")
  func annualisation() {
    let nyse = Annualisation(interval: .day, calendar: .nyse)
    #expect(nyse.barsPerYear == 252)
    #expect(nyse.statement == "252 bars a year (NYSE, 1d)")
    let hourly = Annualisation(interval: .hour, calendar: .nyse)
    #expect(hourly.barsPerYear == 252 * 7)
    #expect(
      Annualisation(interval: BarInterval(count: 15, unit: .minute), calendar: .nyse).barsPerYear
        == 6552)
  }
}
