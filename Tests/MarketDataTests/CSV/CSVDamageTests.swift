import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("A damaged CSV file is read or refused, never a trap")
struct CSVDamageTests {
  private static let corpus: [[UInt8]] = [
    "Date,Open,High,Low,Close,Adj Close,Volume\n2024-03-07,1,2,0.5,1.5,1.4,100\n2024-03-08,1,2,,1.5,1.4,1e3\n",
    "timestamp,open,high,low,close,volume\r\n2024-03-07T09:30-05:00,1,2,1,2,3\r\n2024-03-07T09:31-05:00,1,2,1,2,3\r\n",
    "\u{feff}date;ToD;symbol;open;high;low;close\n2024-03-07;09:30:00;NVDA;1;2;1;2\n",
    "timestamp,symbol,open,high,low,close,volume\n1600000000,NVDA,1.5,2,1,2,3\n1600000060,NA,1,2,1,2,3\n",
    ",\"Open\",\"High\",\"Low\",\"Close\"\n\"2024-03-07\",\"1\",\"2\",\"1\",\"2\"\n",
  ].map { Array($0.utf8) }
  private static let dictionary = [
    "\n", "\r\n", "\"", ",", ";", "\u{0}", "\u{feff}", "-", "e99999", "0x1p3", "nan",
    "9223372036854775808", "2024-02-30", "1678-01-01", "2262-12-31", "+18:00", "99:99", "close",
    "symbol", "Z", "18446744073709551616", "0.0000000000000000000000000001",
  ].map { Array($0.utf8) }

  @Test("with anything changed in its first line or its rows")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let nvidia = try #require(Symbol("NVDA"))
    let count = FuzzBudget.inputs(usual: 20_000, nightly: 1_000_000)
    var refused = 0
    let options = ReadingOptions(
      declaration: BarDeclaration(stamp: .start, zone: "America/New_York"))
    for bytes in mutations(
      of: Self.corpus, count: count, seed: 11, dictionary: Self.dictionary)
    {
      let path = try folder.write(bytes, to: "damaged.csv")
      do {
        for frame in try CSVFile(path: path).frames(symbol: nvidia, options: options) {
          for row in 1..<max(1, frame.count) {
            guard frame.end[row] > frame.end[row - 1] else {
              Issue.record("rows out of order were let in: \(bytes)")
              return
            }
          }
        }
      } catch {
        refused += 1
        let diagnosis = error.diagnosis
        guard diagnosis.place.hasPrefix(path), !diagnosis.finding.isEmpty,
          !diagnosis.finding.contains(where: \.isNewline), !diagnosis.remedy.isEmpty
        else {
          Issue.record("an error without its place: \(diagnosis) for \(bytes)")
          return
        }
      }
    }
    #expect(refused > count / 4 && refused < count, "\(refused) of \(count)")
  }
}
