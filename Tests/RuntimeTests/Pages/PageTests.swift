import Foundation
import Runtime
import TestKit
import Testing

@Suite("Pages") struct PageTests {
  private func candles(_ count: Int, library: String?) -> CandleChart {
    let close = (0..<count).map { 100 + 10 * sin(Double($0) / 30) }
    return CandleChart(
      title: "A price that comes and goes", caption: "Made up.", label: "TEST",
      times: (0..<count).map { Timestamp(seconds: 946_684_800 + Int64($0) * 86_400) },
      open: close.map { $0 - 0.5 }, high: close.map { $0 + 1 }, low: close.map { $0 - 1 },
      close: close,
      events: [
        .init(index: 5, text: "buy", pointsUp: true, value: 100),
        .init(index: 50, text: "sell", pointsUp: false, value: 101),
      ], library: library)
  }

  private func page(library: String?) -> Page {
    let times = (0..<900).map { Timestamp(seconds: 946_684_800 + Int64($0) * 86_400) }
    return Page(
      title: "A page",
      blocks: [
        .facts([.init("Dates", "2000 to 2002"), .init("Data", "made up")]),
        .verdict("Nothing can be told."),
        .figures([
          .init("Return", "1.0% (−2.0 … 4.0%)", note: "a year", warning: "few bars"),
          .init("Win rate", "", missing: "no trade is closed"),
        ]),
        .heading("Charts"),
        .chart(
          TimeChart(
            title: "It went down", caption: "c", times: times,
            series: [
              .init("strategy", .loss, times.indices.map { -Double($0) / 1000 }, isArea: true)
            ],
            format: .percent)),
        .candles(candles(900, library: library)),
        .table(.init(caption: "t", columns: [.words("a"), .numbers("b")], rows: [["x", "1"]])),
        .text("The end."),
      ])
  }

  @Test("Text never becomes markup, wherever it stands")
  func escaping() {
    let evil = "<script>alert('1')</script>&\""
    let html = Page(
      title: evil,
      blocks: [
        .heading(evil), .text(evil), .verdict(evil), .facts([.init(evil, evil)]),
        .figures([.init(evil, evil, note: evil, warning: evil), .init(evil, "", missing: evil)]),
        .table(
          .init(caption: evil, columns: [.words(evil), .numbers(evil)], rows: [[evil, evil]])),
        .chart(
          TimeChart(
            title: evil, caption: evil, times: [], series: [.init(evil, .subject, [])],
            format: .ratio)),
        .candles(
          CandleChart(
            title: evil, caption: evil, label: evil, times: [Timestamp(seconds: 0)], open: [1],
            high: [1], low: [1], close: [1],
            events: [.init(index: 0, text: evil, pointsUp: true, value: 1)], library: "lib()")),
      ]
    ).html()
    #expect(!html.contains("<script>alert") && !html.contains("</script>&"))
    #expect(html.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"))
  }

  @Test("A page asks nothing of the network, and without the library draws the still chart")
  func selfContained() {
    let html = page(library: nil).html()
    #expect(html.contains("default-src 'none'") && !html.contains("<script"))
    #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("url("))
    #expect(html.contains("<svg class=\"narrow\""))
    #expect(candles(3, library: "x = '</script>'").library == nil)
  }

  @Test(
    "In a browser nothing complains, charts are drawn and nothing is wider than the window",
    .needs(.chromium))
  func inABrowser() throws {
    let folder = try ScratchFolder("page")
    let library = try? String(
      contentsOfFile: Package.path(".deps/js/lightweight-charts.js"), encoding: .utf8)
    try AtomicFile.write(page(library: library).html(), to: folder.path("page.html"))
    let browser = try Browser()
    defer { browser.stop() }
    let opened = try browser.open(file: folder.path("page.html"), width: 360)
    for width in [360, 640, 1600] {
      try opened.resize(width: width)
      #expect(try opened.sidewaysOverflow() == 0, "\(width)")
      let shown = try opened.evaluate(
        "[...document.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0).length",
        as: Int.self)
      // Of three drawings of a chart one is seen; the candles' own only without the library.
      #expect(shown == (library == nil ? 2 : 1))
      // Letters keep their size: no drawing is shrunk to below seven tenths.
      let scale = try opened.evaluate(
        "Math.min(...[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect().width / s.viewBox.baseVal.width).filter(x => x > 0))",
        as: Double.self)
      #expect((0.75...1.7).contains(scale), "\(width): \(scale)")
    }
    if library != nil {
      #expect(
        try opened.evaluate("document.querySelectorAll('.live canvas').length", as: Int.self) > 2)
      #expect(try opened.evaluate("document.querySelector('.live').tabIndex", as: Int.self) == 0)
    }
    #expect(opened.errors.isEmpty, "\(opened.errors)")
  }
}
