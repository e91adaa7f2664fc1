import Foundation
import Runtime
import TestKit
import Testing

@Suite("Reading JSON") struct JSONReadingTests {
  private func error(_ text: String) -> JSONError? {
    do throws(JSONError) {
      _ = try JSON(parsing: text, source: "x.json")
      return nil
    } catch {
      return error
    }
  }

  @Test("reads every kind of value") func values() throws {
    let text =
      #" {"a":[1,-2,0.5,1e3,true,false,null],"ä":{"b":"c\n\u00e9\ud83d\udc26\/"},"e":[],"f":{}} "#
    let value = try JSON(parsing: text, source: "x")
    #expect(value["a"] == [1, -2, 0.5, 1000.0, true, false, nil])
    #expect(value["ä"]?["b"] == "c\né🐦/")
    #expect(value["e"] == [] && value["f"] == [:])
    #expect(try JSON(parsing: "9223372036854775807", source: "x") == .integer(.max))
    #expect(try JSON(parsing: "-9223372036854775808", source: "x") == .integer(.min))
    #expect(try JSON(parsing: "9223372036854775808", source: "x") == .number(9223372036854775808))
    let zero = try JSON(parsing: "-0", source: "x")
    guard case .number(let minus) = zero else {
      Issue.record("\(zero)")
      return
    }
    #expect(minus.sign == .minus)
  }

  @Test("what it writes it reads back, numbers bit for bit") func roundTrip() throws {
    var generator = SeededGenerator(seed: 11)
    func value(_ depth: Int) -> JSON {
      switch generator.next() % (depth > 4 ? 5 : 7) {
      case 0: return .null
      case 1: return .bool(generator.next() % 2 == 0)
      case 2: return .integer(Int64(truncatingIfNeeded: generator.next()))
      case 3:
        let number = Double(bitPattern: generator.next())
        return number.isFinite && number != number.rounded() ? .number(number) : .number(0.5)
      case 4:
        let scalars = (0..<generator.next() % 12).compactMap { _ in
          Unicode.Scalar(UInt32(generator.next() % 0x11_0000))
        }
        return .string(String(String.UnicodeScalarView(scalars)))
      case 5: return .array((0..<generator.next() % 5).map { _ in value(depth + 1) })
      default:
        return .object(
          (0..<generator.next() % 25).map { JSON.Member("key \($0)", value(depth + 1)) })
      }
    }
    for _ in 0..<300 {
      let written = value(0)
      #expect(try JSON(parsing: written.text(), source: "x") == written)
      #expect(try JSON(parsing: written.text(pretty: true), source: "x") == written)
    }
  }

  @Test("reads numbers as strtod does") func numbers() throws {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<20_000 {
      let digits = 1 + Int(generator.next() % 20)
      var text = "1"
      for _ in 1..<digits { text += String(generator.next() % 10) }
      text += "." + String(generator.next() % 1_000_000)
      if generator.next() % 2 == 0 { text += "e\(Int(generator.next() % 60) - 30)" }
      guard case .number(let read) = try JSON(parsing: text, source: "x") else { continue }
      #expect(read.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  @Test(
    "what is no JSON is refused with line and column",
    arguments: [
      ("", 1, 1), (" ", 1, 2), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("[1 2]", 1, 4),
      ("{a:1}", 1, 2), ("{\"a\" 1}", 1, 6), ("01", 1, 2), ("-", 1, 2), ("1.", 1, 3), (".5", 1, 1),
      ("+1", 1, 1), ("1e", 1, 3), ("1e+", 1, 4), ("NaN", 1, 1), ("Infinity", 1, 1), ("tru", 1, 1),
      ("nul1", 1, 1), ("'a'", 1, 1), ("\"a", 1, 3), ("\"\\x\"", 1, 2), ("\"\\u12g4\"", 1, 6),
      ("\"\\ud800\"", 1, 2), ("\"\\udc00\"", 1, 2), ("\"a\tb\"", 1, 3), ("1 1", 1, 3),
      ("[1,\n 2,\n  x]", 3, 3), ("\"äö\" x", 1, 6), ("\u{FEFF}1", 1, 1), ("1e999", 1, 1),
      ("-1e999", 1, 1), ("// a\n1", 1, 1), ("[1]]", 1, 4), ("Too Many Requests", 1, 1),
    ])
  func refused(text: String, line: Int, column: Int) {
    guard case .malformed(_, line, column, _)? = error(text) else {
      Issue.record("\(text): \(String(describing: error(text)))")
      return
    }
    #expect(error(text)?.diagnosis.place == "x.json:\(line):\(column)")
  }

  @Test("broken UTF-8, keys given twice and deep nests are refused") func further() {
    let broken: [UInt8] = [0x22, 0xC3, 0x28, 0x22]
    #expect(throws: JSONError.self) { try JSON(parsing: broken, source: "x") }
    #expect(
      error("{\"a\":1,\n \"a\":2}") == .repeatedKey(source: "x.json", line: 2, column: 2, key: "a"))
    let many = (0..<100).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(error("{\(many)}") == nil)
    guard case .repeatedKey(_, _, _, "k50")? = error("{\(many),\"k50\":2}") else {
      Issue.record("a key twice among many")
      return
    }
    let levels = JSON.levelsMax
    #expect(
      error(String(repeating: "[", count: levels) + String(repeating: "]", count: levels)) == nil)
    guard case .tooDeep? = error(String(repeating: "[", count: 100_000)) else {
      Issue.record("too deep")
      return
    }
  }

  @Test("whatever comes in, a value or an error comes out, and Foundation agrees on what is JSON")
  func fuzz() {
    let corpus = [
      #"{"chart":{"result":[{"meta":{"symbol":"NVDA","priceHint":2},"timestamp":[1,2]}],"error":null}}"#,
      #"[1,2.5e-3,"a\u00e9\ud83d\udc26",true,null,{"a":{}}]"#, "\"text\"", "-0.0", "[[[[]]]]",
    ].map { Array($0.utf8) }
    let words = ["null", "1e5", "\\ud83d", "\\u0000", "{}", "[]", "-", "\"", "\u{FEFF}", "NaN"]
      .map { Array($0.utf8) }
    let count = FuzzBudget.inputs(usual: 20_000, nightly: 400_000)
    var accepted = 0
    for bytes in mutations(of: corpus, count: count, seed: 21, dictionary: words) {
      do throws(JSONError) {
        let value = try JSON(parsing: bytes, source: "x")
        accepted += 1
        let again = try? JSON(parsing: value.text(), source: "x")
        // Null-valued numbers cannot occur: all that is read is finite.
        #expect(again == value)
        if accepted % 50 == 0 {
          let other = try? JSONSerialization.jsonObject(
            with: Data(bytes), options: [.fragmentsAllowed])
          #expect(other != nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
      } catch {
        #expect(error.diagnosis.place.hasPrefix("x:"))
        #expect(!error.diagnosis.finding.contains("\n"))
      }
    }
    #expect(accepted > count / 100)
  }

  @Test("a body of several megabytes is read in a fraction of a second") func speed() throws {
    let numbers = (0..<400_000).map { "\(Double($0) / 7)" }.joined(separator: ",")
    let bytes = Array("{\"close\":[\(numbers)]}".utf8)
    let start = ContinuousClock.now
    guard case .array(let values)? = try JSON(parsing: bytes, source: "x")["close"] else {
      Issue.record("no array")
      return
    }
    #expect(values.count == 400_000)
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
