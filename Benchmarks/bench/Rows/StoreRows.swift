import Databases
import Foundation
import Market
import MarketData
import Runtime

/// A million bars written to stores and a session read back.
///
/// Ours is the store that the program uses, with versions of every bar and a synced log; the peers
/// write a bare table.
enum StoreRows {
  static let all: [Row] = [sqliteInsert, sqliteRange, postgresCopy]

  private static let bytes = LimitFormula.bytes(
    "56 bytes of columns read a row", .read, perItem: 56)

  private static let sqliteInsert = Row(
    bench: "data", name: "sqlite_insert_1m", figure: NumericsRows.milliseconds,
    target: .ratio(2), peer: DataRows.peer, agreement: DataRows.everyColumn, limit: bytes,
    usesBLAS: false
  ) { size in
    DataRows.work(size, [DataRows.csvFile(size)]) { files in
      let batch = try bars(files[0])
      let folder = ScratchStore()
      var store: (any BarStore)?
      return Prepared(
        run: {
          store = nil
          folder.empty()
          store = try folder.filled(with: batch)
        },
        output: { try store.map { try MinuteBars.numbers($0.read(BarQuery(key()))) } ?? [] })
    }
  }

  private static let sqliteRange = Row(
    bench: "data", name: "sqlite_range_390",
    figure: .time(unit: "us", perSecond: 1e6), target: .ratio(2), peer: DataRows.peer,
    agreement: DataRows.everyColumn,
    limit: .bytes("56 bytes of columns written a row", .read, perItem: 56), usesBLAS: false
  ) { size in
    let count = size == .full ? 390 : min(390, DataRows.rows(size) / 2)
    return Work(size: "\(count)", items: Double(count), inputs: [DataRows.csvFile(size)]) { files in
      let batch = try bars(files[0])
      let folder = ScratchStore()
      let store = try folder.filled(with: batch)
      let first = Timestamp(nanoseconds: batch.start[batch.count / 2])
      let session = first..<(try first.adding(.seconds(60 * count)))
      let query = BarQuery(try key(), starts: session)
      var frame = try store.read(query)
      return Prepared(
        run: { frame = try store.read(query) },
        output: {
          _ = folder
          return try MinuteBars.numbers(frame)
        })
    }
  }

  private static let postgresCopy = Row(
    bench: "data", name: "pg_copy_1m", figure: NumericsRows.milliseconds, target: .ratio(0.9),
    peer: DataRows.peer, agreement: DataRows.everyColumn, limit: bytes, usesBLAS: false
  ) { size in
    let server = Input(name: "postgresql") { try BenchServer.postgresAddress() }
    return DataRows.work(size, [DataRows.csvFile(size), server]) { files in
      let batch = try bars(files[0])
      let store = try StoreAddress(kind: .postgres, location: files[1].path).open()
      try store.declare(key(), as: declaration)
      let owner = try PostgreSQLConnection(files[1].path)
      return Prepared(
        run: {
          // Into an empty table, as the peer does.
          try owner.execute("TRUNCATE bars")
          _ = try store.write(batch, to: key(), recordedAt: SystemTime().now)
        },
        output: { try MinuteBars.numbers(store.read(BarQuery(key()))) })
    }
  }

  fileprivate static let declaration = BarDeclaration(
    source: "bench", interval: .minute, stamp: .start, zone: "America/New_York",
    adjustment: BarDeclaration.Adjustment.none)

  fileprivate static func key() throws -> SeriesKey {
    SeriesKey(
      symbol: try Symbol(parsing: MinuteBars.symbolText), interval: .minute, source: "bench")
  }

  private static func bars(_ file: InputFile) throws -> BarBatch {
    let frames = try DataRows.read {
      try CSVFile(path: file.path).frames(symbol: $0, options: MinuteBars.options)
    }
    return BarBatch(frames[0])
  }
}

/// A SQLite store in a folder that is gone when nobody needs it any more.
private final class ScratchStore {
  private let path = NSTemporaryDirectory() + "martinet-bench-\(UUID().uuidString).db"

  deinit { empty() }

  func empty() { for end in ["", "-wal", "-shm"] { unlink(path + end) } }

  func filled(with batch: BarBatch) throws -> any BarStore {
    let store = try StoreAddress(kind: .sqlite, location: path).open()
    let key = try StoreRows.key()
    try store.declare(key, as: StoreRows.declaration)
    _ = try store.write(batch, to: key, recordedAt: SystemTime().now)
    return store
  }
}

/// The PostgreSQL server of the benchmarks, which ends when this program does: its input closes.
private enum BenchServer {
  private struct Ready: Decodable { let url: String }

  static func postgresAddress() throws -> String {
    switch started {
    case .success(let url): return url
    case .failure(let error): throw error
    }
  }

  private static let started: Result<String, any Error> = Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-u", "Benchmarks/peers/postgres.py"]
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data([0x0a]) {
      line += byte
    }
    return try JSONDecoder().decode(Ready.self, from: line).url
  }

  /// Held open as long as the program runs.
  private static let input = Pipe()
}
