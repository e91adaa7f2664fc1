import Foundation
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Tables that somebody else made") struct ForeignTableTests {
  private static func table(_ text: String) throws -> ForeignTable {
    let folder = try TemporaryFolder()
    return try ForeignTable(path: folder.write(text, to: "table.csv"))
  }

  @Test("columns of numbers and of words are told apart; blanks and words for nothing are missing")
  func columns() throws {
    let table = try Self.table("Date,a,Name,b\n2020-01-01,1.5,X,\n2020-01-02,-2e3,Y,nan\n")
    #expect(table.rowCount == 2)
    #expect(table.numbers.names == ["a", "b"])
    #expect(table.numbers["a"].map(Array.init) == [1.5, -2000])
    #expect(table.numbers["b"]?.allSatisfy(\.isNaN) == true)
    #expect(table.words.map(\.name) == ["Date", "Name"])
    #expect(table.words[1].values == ["X", "Y"])
  }

  @Test("one word among numbers makes a column of words; a table of words alone has rows too")
  func words() throws {
    #expect(try Self.table("a\n1\n2x\n").words.map(\.name) == ["a"])
    #expect(try Self.table("a,b\nx,y\n").rowCount == 1)
  }

  @Test(
    "a title that stands twice, a line too short, no rows and no file are refused with their place")
  func refusals() throws {
    func finding(_ text: String) -> String? {
      let error = #expect(throws: DataError.self) { try Self.table(text) }
      return error?.diagnosis.finding
    }
    #expect(finding("a,a\n1,2\n")?.contains("twice") == true)
    #expect(finding("a,b\n1\n") != nil)
    #expect(finding("a,b\n") != nil)
    #expect(finding("") != nil)
    #expect(throws: DataError.self) { try ForeignTable(path: "/nowhere/table.csv") }
  }

  @Test("a Parquet file gives the same columns")
  func parquet() throws {
    let folder = try TemporaryFolder()
    let columns: [(name: String, values: AnyColumn)] = [
      ("open", .double(Column([1, 2]))), ("high", .double(Column([2, 3]))),
      ("low", .double(Column([0.5, 1]))), ("close", .double(Column([1.5, .nan]))),
      ("volume", .double(Column([10, 20]))),
    ]
    let frame = try Frame(
      checking: Symbol(parsing: "A"), interval: .day, start: Column([0, 100]),
      end: Column([50, 150]), knownAt: Column([50, 150]), columns: columns)
    let path = folder.path + "/A.parquet"
    try ParquetFile(path: path).write(frame)
    let table = try ForeignTable(path: path)
    #expect(table.rowCount == 2)
    #expect(table.numbers["open"].map(Array.init) == [1, 2])
    #expect(table.numbers["close"]?[1].isNaN == true)
    #expect(!table.words.isEmpty)
  }
}
