import Databases
import Foundation
import Runtime
import TestKit
import Testing

/// A database of one test's own.
private final class Stand {
  let dialect: SQLDialect
  private let folder: ScratchFolder
  private let server: PostgreSQLServer?

  init(_ dialect: SQLDialect) throws {
    self.dialect = dialect
    folder = try ScratchFolder("database")
    server = dialect == .postgreSQL ? try PostgreSQLServer() : nil
  }

  deinit { server?.stop() }

  var path: String { folder.path("a.db") }

  func session() throws -> any SQLSession {
    if let server { return try PostgreSQLConnection(server.url) }
    return try SQLiteConnection(path: path, patience: .milliseconds(50))
  }

  static var present: [SQLDialect] {
    ServerProgram.postgreSQL.isPresent ? [.sqlite, .postgreSQL] : [.sqlite]
  }
}

extension SQLDialect {
  fileprivate func mark(_ number: Int) -> String { (self == .sqlite ? "?" : "$") + "\(number)" }
}

@Suite("Sessions with a database, the same with SQLite and with PostgreSQL") struct SessionTests {
  private struct Stopped: Error {}

  @Test("values come back as they went in, with their kinds", arguments: Stand.present)
  private func values(dialect: SQLDialect) throws {
    let stand = try Stand(dialect)
    let session = try stand.session()
    defer { withExtendedLifetime(stand) {} }
    try session.execute("CREATE TABLE t (i BIGINT, n DOUBLE PRECISION, s TEXT)")
    let marks = (1...3).map(dialect.mark).joined(separator: ", ")
    let rows: [[SQLValue]] = [
      [.integer(.min), .number(-0.1), .text("Zürich ‘x’; DROP TABLE t")],
      [.integer(.max), .number(.leastNonzeroMagnitude), .text("")], [.null, .null, .null],
    ]
    for row in rows { _ = try session.rows("INSERT INTO t VALUES (\(marks))", row) }
    let order = dialect == .sqlite ? "i IS NULL, i" : "i"
    #expect(try session.rows("SELECT i, n, s FROM t ORDER BY \(order)") == rows)
    #expect(rows[0][0].integer == .min && rows[0][0].number == Double(Int64.min))
    #expect(rows[0][2].integer == nil && rows[2][0].text == nil && rows[0][1].number == -0.1)
  }

  @Test(
    "columns go in and come out, differences, constants and holes too", arguments: Stand.present)
  private func columns(dialect: SQLDialect) throws {
    let stand = try Stand(dialect)
    let session = try stand.session()
    defer { withExtendedLifetime(stand) {} }
    try session.execute(
      "CREATE TABLE t (k BIGINT PRIMARY KEY, d BIGINT, n DOUBLE PRECISION, c BIGINT, z BIGINT)")
    let count = 3000
    let keys = (0..<count).map { Int64($0) * 7 - 500 }
    let ends = keys.map { $0 + $0 % 5 }
    var numbers = (0..<count).map { Double($0) / 3 }
    numbers[17] = .nan
    func write(replacing: Bool) throws {
      try keys.withUnsafeBufferPointer { keys in
        try ends.withUnsafeBufferPointer { ends in
          try numbers.withUnsafeBufferPointer { numbers in
            guard let k = keys.baseAddress, let e = ends.baseAddress, let n = numbers.baseAddress
            else { return }
            let sources: [ColumnSource] = [
              .integers(k), .differences(e, k), .numbers(n), .constant(9), .constant(nil),
            ]
            let names = ["k", "d", "n", "c", "z"]
            if replacing {
              try session.writing {
                try session.replace(
                  in: "t", key: ["k"], columns: names, rowCount: count, from: sources)
              }
            } else {
              try session.insert(into: "t", columns: names, rowCount: count, from: sources)
            }
          }
        }
      }
    }
    try write(replacing: false)
    let twice = #expect(throws: DatabaseError.self) { try write(replacing: false) }
    #expect(twice?.message.isEmpty == false)
    numbers[18] = -1
    try write(replacing: true)
    #expect(
      try session.rows("SELECT count(*), CAST(sum(c) AS BIGINT), count(z), count(n) FROM t").first?
        .map(\.number)
        == [Double(count), Double(9 * count), 0, Double(count - 1)])
    try read(session, keys, ends, numbers)
  }

  /// In batches of a size that does not divide the number of rows.
  private func read(
    _ session: any SQLSession, _ keys: [Int64], _ ends: [Int64], _ numbers: [Double]
  ) throws {
    let reader = try session.reader(
      "SELECT k, d, n FROM t WHERE k >= \(session.dialect.mark(1)) ORDER BY k", [keys[0]])
    var foundKeys: [Int64] = []
    var foundDifferences: [Int64] = []
    var foundNumbers: [Double] = []
    while true {
      var k = [Int64](repeating: 0, count: 700)
      var d = k
      var n = [Double](repeating: 0, count: 700)
      let got = try k.withUnsafeMutableBufferPointer { k in
        try d.withUnsafeMutableBufferPointer { d in
          try n.withUnsafeMutableBufferPointer { n in
            guard let k = k.baseAddress, let d = d.baseAddress, let n = n.baseAddress else {
              return 0
            }
            return try reader.read(upTo: 700, into: [.integers(k), .integers(d), .numbers(n)])
          }
        }
      }
      foundKeys += k[..<got]
      foundDifferences += d[..<got]
      foundNumbers += n[..<got]
      if got < 700 { break }
    }
    #expect(foundKeys == keys)
    #expect(foundDifferences == zip(ends, keys).map { $0 - $1 })
    #expect(zip(foundNumbers, numbers).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    // The session is free again.
    #expect(try session.rows("SELECT count(*) FROM t") == [[.integer(Int64(keys.count))]])
  }

  @Test("a transaction that throws leaves nothing behind", arguments: Stand.present)
  private func transactions(dialect: SQLDialect) throws {
    let stand = try Stand(dialect)
    let session = try stand.session()
    defer { withExtendedLifetime(stand) {} }
    try session.execute("CREATE TABLE t (i BIGINT)")
    #expect(throws: Stopped.self) {
      try session.writing {
        try session.execute("INSERT INTO t VALUES (1)")
        throw Stopped()
      }
    }
    #expect(throws: DatabaseError.self) {
      try session.writing {
        try session.execute("INSERT INTO t VALUES (2)")
        try session.execute("INSERT INTO no_such_table VALUES (2)")
      }
    }
    #expect(try session.writing { try session.rows("SELECT count(*) FROM t") } == [[.integer(0)]])
  }

  @Test("an error keeps the statement, the database's code and its words", arguments: Stand.present)
  private func errors(dialect: SQLDialect) throws {
    let stand = try Stand(dialect)
    let session = try stand.session()
    defer { withExtendedLifetime(stand) {} }
    let error = #expect(throws: DatabaseError.self) { try session.execute("SELEC 1") }
    #expect(error?.statement == "SELEC 1")
    #expect(error?.code == (dialect == .sqlite ? "1" : "42601"))
    #expect(error?.message.contains("syntax error") == true)
    #expect(error?.isPassing == false)
  }
}

@Suite("Migrations") struct MigrationTests {
  private let first = Migration(
    1, "first",
    "CREATE TABLE t (id {identity}, a TEXT); CREATE TABLE u (k TEXT PRIMARY KEY){clustered};")
  private let second = Migration(
    2, "second",
    """
    sqlite:CREATE TABLE sole (s TEXT);
    postgreSQL:CREATE TABLE sole (p TEXT);
    """)
  private let now = Timestamp(nanoseconds: 5)

  @Test(
    "every step is done once and in order, for each database in its own words",
    arguments: Stand.present)
  private func steps(dialect: SQLDialect) throws {
    let stand = try Stand(dialect)
    let session = try stand.session()
    defer { withExtendedLifetime(stand) {} }
    #expect(try Migrations([first]).check(session) == 0)
    try Migrations([first]).apply(to: session, at: now)
    try Migrations([first, second]).apply(to: session, at: now)
    var prepared = 0
    try Migrations([first, second]).apply(to: session, at: now) { prepared += 1 }
    #expect(prepared == 0, "nothing is left to do, and nobody is kept waiting for it")
    let column = dialect == .sqlite ? "s" : "p"
    #expect(try session.rows("SELECT \(column) FROM sole").isEmpty)
    _ = try session.rows("INSERT INTO t (a) VALUES ('x')")
    #expect(try session.rows("SELECT id FROM t") == [[.integer(1)]])
    #expect(
      try session.rows("SELECT number, name FROM schema_migrations ORDER BY number")
        == [[.integer(1), .text("first")], [.integer(2), .text("second")]])
    #expect(throws: MigrationError.newer(found: 2, known: 1)) {
      try Migrations([first]).apply(to: session, at: now)
    }
    let altered = Migration(1, "first", "CREATE TABLE other (a TEXT);")
    #expect(throws: MigrationError.altered(number: 1, name: "first")) {
      try Migrations([altered, second]).check(session)
    }
  }

  @Test("of steps that fail none is done", arguments: Stand.present)
  private func failing(dialect: SQLDialect) throws {
    let stand = try Stand(dialect)
    let session = try stand.session()
    defer { withExtendedLifetime(stand) {} }
    let wrong = Migration(2, "wrong", "CREATE TABLE t (again TEXT);")
    #expect(throws: DatabaseError.self) {
      try Migrations([first, wrong]).apply(to: session, at: now)
    }
    #expect(try Migrations([first, second]).check(session) == 0)
    try Migrations([first, second]).apply(to: session, at: now)
  }
}

@Suite("Connections that are kept and lent") struct ConnectionPoolTests {
  private final class Connection: Sendable {}
  private struct Refused: Error {}

  @Test("one is used again, broken ones are let go, and no more are kept than were asked for")
  func keeping() throws {
    let pool = ConnectionPool<Connection>(keptMax: 1) { Connection() }
    let one = try pool.withConnection { $0 }
    #expect(try pool.withConnection { $0 } === one)
    let two = try pool.withConnection { outer in
      #expect(outer === one)
      return try pool.withConnection { $0 }
    }
    // The inner one came back first and is kept; there is no room for the other.
    #expect(try pool.withConnection { $0 } === two)
    _ = try pool.withConnection(isSound: { _ in false }) { #expect($0 === two) }
    let three = try pool.withConnection { $0 }
    #expect(three !== two && three !== one)
    pool.drain()
    #expect(try pool.withConnection { $0 } !== three)
  }

  @Test("one whose use failed is kept if it is sound") func failing() throws {
    let pool = ConnectionPool<Connection>(keptMax: 2) { Connection() }
    let one = try pool.withConnection { $0 }
    #expect(throws: Refused.self) { try pool.withConnection { _ in throw Refused() } }
    #expect(try pool.withConnection { $0 } === one)
  }
}

@Suite("What SQLite's codes mean") struct SQLiteFailureTests {
  @Test("a locked file, another kind of file and a full one are told apart") func meanings() throws
  {
    let folder = try ScratchFolder("sqlite")
    let writer = try SQLiteConnection(path: folder.path("a.db"))
    try writer.execute("CREATE TABLE t (a); BEGIN IMMEDIATE")
    let other = try SQLiteConnection(path: folder.path("a.db"), patience: .milliseconds(1))
    let locked = #expect(throws: DatabaseError.self) { try other.execute("BEGIN IMMEDIATE") }
    #expect(locked?.sqliteFailure == .isLocked)
    try writer.execute("COMMIT; PRAGMA max_page_count = 4")
    let full = #expect(throws: DatabaseError.self) {
      try writer.execute("INSERT INTO t VALUES (zeroblob(100000))")
    }
    #expect(full?.sqliteFailure == .diskIsFull)
    try Data(repeating: 65, count: 5000).write(
      to: URL(fileURLWithPath: folder.path("text.db")))
    let foreign = #expect(throws: DatabaseError.self) {
      try SQLiteConnection(path: folder.path("text.db")).execute("SELECT * FROM sqlite_master")
    }
    #expect(foreign?.sqliteFailure == .isNoDatabase)
    let absent = #expect(throws: DatabaseError.self) {
      try SQLiteConnection(path: folder.path("none.db"), mode: .reading)
    }
    #expect(absent?.statement == "open" && absent?.sqliteFailure == .other)
    #expect(!FileManager.default.fileExists(atPath: folder.path("none.db")))
  }

  @Test("a connection for reading changes nothing") func reading() throws {
    let folder = try ScratchFolder("sqlite")
    try SQLiteConnection(path: folder.path("a.db")).execute("CREATE TABLE t (a)")
    let reader = try SQLiteConnection(path: folder.path("a.db"), mode: .reading)
    #expect(throws: DatabaseError.self) { try reader.execute("INSERT INTO t VALUES (1)") }
    #expect(try reader.rows("SELECT count(*) FROM t") == [[.integer(0)]])
  }
}
