import Foundation
import Market
import MarketData

/// A million bars read from files and written to them.
enum DataRows {
  static let all: [Row] = [csv, parquetWriting, parquetReading] + StoreRows.all

  static let peer = PeerCase(name: "polars, pyarrow", group: "data", script: "storage.py")
  static let everyColumn = Agreement(
    measure: .absolute, tolerance: 0, text: "every value of every column, bit for bit")

  /// Text to columns.
  private static let csv = Row(
    bench: "data", name: "csv_1m", figure: NumericsRows.milliseconds, target: .ratio(1.5),
    peer: peer, agreement: everyColumn,
    limit: .bytes("46 bytes of text read and 56 of columns written a row", .copy, perItem: 102),
    usesBLAS: false
  ) { size in
    work(size, [csvFile(size)]) { files in
      let file = CSVFile(path: files[0].path)
      var frames: [Frame] = []
      return Prepared(
        run: { frames = try read { try file.frames(symbol: $0, options: MinuteBars.options) } },
        output: { try frames.flatMap(MinuteBars.numbers) })
    }
  }

  /// Columns to a file.
  private static let parquetWriting = Row(
    bench: "data", name: "parquet_write_1m", figure: NumericsRows.milliseconds,
    target: .ratio(1), peer: peer, agreement: everyColumn,
    limit: .bytes("56 bytes of columns read a row", .read, perItem: 56), usesBLAS: false
  ) { size in
    work(size, [csvFile(size)]) { files in
      let path = NSTemporaryDirectory() + "martinet-bench-\(UUID().uuidString).parquet"
      let file = ParquetFile(path: path)
      let frame = try read {
        try CSVFile(path: files[0].path).frames(symbol: $0, options: MinuteBars.options)
      }[0]
      let written = TemporaryFile(path: path)
      return Prepared(
        run: { try file.write(frame) },
        output: { try read { try file.frames(symbol: $0) }.flatMap(MinuteBars.numbers) },
        remark: { try written.megabytes() })
    }
  }

  /// A file to columns.
  private static let parquetReading = Row(
    bench: "data", name: "parquet_read_1m", figure: NumericsRows.milliseconds,
    target: .ratio(1), peer: peer, agreement: everyColumn,
    limit: .bytes("56 bytes of columns written a row", .read, perItem: 56), usesBLAS: false
  ) { size in
    let count = rows(size)
    let input = Input(name: "minute_bars-\(count)", ending: "parquet") { path in
      let text = path + ".csv"
      defer { unlink(text) }
      try MinuteBars(count: count).writeCSV(to: text)
      let frames = try read {
        try CSVFile(path: text).frames(symbol: $0, options: MinuteBars.options)
      }
      try ParquetFile(path: path).write(frames[0])
    }
    return work(size, [input]) { files in
      let file = ParquetFile(path: files[0].path)
      var frames: [Frame] = []
      return Prepared(
        run: { frames = try read { try file.frames(symbol: $0) } },
        output: { try frames.flatMap(MinuteBars.numbers) })
    }
  }

  static func rows(_ size: WorkSize) -> Int { size == .full ? 1_000_000 : 1000 }

  static func csvFile(_ size: WorkSize) -> Input {
    let count = rows(size)
    return Input(name: "minute_bars-\(count)", ending: "csv") { path in
      try MinuteBars(count: count).writeCSV(to: path)
    }
  }

  static func work(
    _ size: WorkSize, _ inputs: [Input], prepare: @escaping ([InputFile]) throws -> Prepared
  ) -> Work {
    let count = rows(size)
    return Work(size: "\(count)", items: Double(count), inputs: inputs, prepare: prepare)
  }

  /// The frames that a reader gives for the symbol a file without a column of symbols would have.
  static func read(_ body: (Symbol) throws -> [Frame]) throws -> [Frame] {
    guard let symbol = Symbol(MinuteBars.symbolText) else { return [] }
    return try body(symbol)
  }
}

/// A file that is gone when nobody needs it any more.
private final class TemporaryFile {
  private let path: String

  init(path: String) { self.path = path }

  deinit { unlink(path) }

  func megabytes() throws -> String? {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return size.map { String(format: "%.1f MB", Double($0) / 1e6) }
  }
}
