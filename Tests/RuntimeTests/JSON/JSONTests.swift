import Foundation
import Runtime
import TestKit
import Testing

@Suite("JSON") struct JSONTests {
  @Test("keeps the order of keys") func order() {
    let value: JSON = ["zebra": 1, "apple": [true, nil, "x"], "mango": ["b": 0.5, "a": [:]]]
    #expect(value.text() == #"{"zebra":1,"apple":[true,null,"x"],"mango":{"b":0.5,"a":{}}}"#)
  }

  @Test("indents by two spaces and keeps short arrays on one line") func pretty() {
    let value: JSON = ["a": [1, 2], "b": [["c": 3]], "d": [], "e": [:]]
    let expected = """
      {
        "a": [1, 2],
        "b": [
          {
            "c": 3
          }
        ],
        "d": [],
        "e": {}
      }
      """
    #expect(value.text(pretty: true) == expected)
  }

  @Test("escapes what JSON cannot hold, and reads back the same elsewhere") func escapes() throws {
    let odd = "quote \" slash \\ tab \t line \n bell \u{7} null \u{0} sep \u{2028} é 🐦 </script>"
    let text = JSON.array([.string(odd)]).text()
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String]
    #expect(read == [odd])
    #expect(!text.contains("\u{2028}"))
  }

  @Test("writes a Double with the fewest digits that read back as the same number")
  func doubles() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      let text = JSON.number(value).text()
      #expect(value.isFinite ? Double(text)?.bitPattern == value.bitPattern : text == "null")
    }
    #expect(JSON.number(0.1).text() == "0.1")
    #expect(JSON.array([.number(.nan), .number(.infinity)]).text() == "[null,null]")
  }

  @Test("an integer beyond Int64 becomes a string of its digits") func wideIntegers() {
    #expect(JSON(UInt64.max).text() == "\"18446744073709551615\"")
    #expect(JSON(Int64.min).text() == "-9223372036854775808")
  }

  @Test("finds and adds keys") func keys() {
    var value = JSON.object([])
    value.append("a", 1)
    value.append("b", .null)
    #expect(value["a"] == 1)
    #expect(value["b"] == .null)
    #expect(value["c"] == nil)
  }
}
