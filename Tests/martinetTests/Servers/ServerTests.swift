import Foundation
import TestKit
import Testing

@Suite("Servers of tests")
struct ServerTests {
  @Test("a missing server skips a test, and fails it under continuous integration")
  func missingServer() {
    #expect(ServerProgram.runsTest(isPresent: true, environment: [:]))
    #expect(!ServerProgram.runsTest(isPresent: false, environment: [:]))
    #expect(!ServerProgram.runsTest(isPresent: false, environment: ["CI": ""]))
    #expect(ServerProgram.runsTest(isPresent: false, environment: ["CI": "true"]))
  }

  @Test("PostgreSQL starts, answers on its own port, and ends", .needs(.postgreSQL))
  func postgreSQL() throws {
    let database = try PostgreSQLServer()
    defer { database.stop() }
    #expect(try database.rows("select 6 * 7, 'ready'") == ["42|ready"])
    #expect(throws: HarnessError.self) { try database.rows("select from nowhere") }
    database.stop()
    #expect(!database.isRunning)
    #expect(throws: HarnessError.self) { try database.rows("select 1") }
  }

  @Test("two servers at once do not meet", .needs(.redis))
  func twoServers() throws {
    let one = try RedisServer()
    let other = try RedisServer()
    #expect(one.port != other.port)
    one.stop()
    #expect(!one.isRunning)
    #expect(other.isRunning)
    other.stop()
  }

  @Test("a server ends when its time is over, without being asked", .needs(.redis))
  func limited() throws {
    let redis = try RedisServer(limit: 1)
    let end = ContinuousClock.now + .seconds(10)
    while redis.isRunning, ContinuousClock.now < end { usleep(50_000) }
    #expect(!redis.isRunning)
  }

  @Test("a scratch folder is gone with the value that owns it")
  func scratchFolder() throws {
    var folder: ScratchFolder? = try ScratchFolder("tidy")
    let path = try #require(folder?.path)
    #expect(FileManager.default.fileExists(atPath: path))
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

@Suite("Commands in tests")
struct CommandTests {
  @Test("status, output and errors come back apart")
  func apart() throws {
    let run = try Command.run("sh", ["-c", "echo out; echo err >&2; exit 3"])
    #expect(run.status == 3)
    #expect(run.output == "out\n")
    #expect(run.errors == "err\n")
  }

  @Test("a command that takes too long is ended")
  func tooLong() throws {
    let started = ContinuousClock.now
    #expect(try Command.run("sleep", ["60"], limit: 1).status == 124)
    #expect(ContinuousClock.now - started < .seconds(20))
  }

  @Test("the program built with the tests is found")
  func ownProgram() {
    #expect(FileManager.default.isExecutableFile(atPath: Package.executable("martinet")))
  }
}
