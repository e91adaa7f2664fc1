import Databases
import Foundation
import TestKit
import Testing

@Suite("Failures of PostgreSQL that pass", .needs(.postgreSQL)) struct PassingFailureTests {
  @Test("two transactions that cannot be put in a row: the second may be asked again")
  func serialization() throws {
    let server = try PostgreSQLServer()
    defer { server.stop() }
    let first = try PostgreSQLConnection(server.url)
    let second = try PostgreSQLConnection(server.url)
    try first.execute("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (0)")
    for session in [first, second] { try session.execute("BEGIN ISOLATION LEVEL SERIALIZABLE") }
    #expect(try second.rows("SELECT i FROM t") == [[.integer(0)]])
    try first.execute("UPDATE t SET i = 1")
    try first.execute("COMMIT")
    let error = #expect(throws: DatabaseError.self) { try second.execute("UPDATE t SET i = 2") }
    #expect(error?.code == "40001" && error?.isPassing == true)
    #expect(!second.isIdle)
    try second.execute("ROLLBACK")
    #expect(second.isIdle)
    try second.execute("UPDATE t SET i = 2")
  }

  @Test("a server that went away") func lost() throws {
    let server = try PostgreSQLServer()
    let session = try PostgreSQLConnection(server.url)
    #expect(session.isIdle)
    server.stop()
    let error = #expect(throws: DatabaseError.self) { try session.execute("SELECT 1") }
    #expect(error?.isPassing == true)
    #expect(!session.isIdle)
    let again = #expect(throws: DatabaseError.self) { try PostgreSQLConnection(server.url) }
    #expect(again?.statement == "connect" && again?.isPassing == true)
  }
}
