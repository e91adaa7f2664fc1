import Foundation
import Runtime
import TestKit
import Testing

@Suite("What a person reads when something goes wrong") struct DiagnosisTests {
  @Test("a file: what is wrong with it, its path, and what to do about it")
  func files() {
    let told: [(FileError, String, String, ExitCode)] = [
      (.missing(path: "a"), "no such file", "check the path", .wrongUsage),
      (.notPermitted(path: "a"), "may not be opened", "ls -l a", .failed),
      (.notARegularFile(path: "a"), "not a file", "name a file", .wrongUsage),
      (.diskFull(path: "a"), "disk is full", "df -h", .failed),
      (.tooLarge(path: "a", bytesMax: 7), "larger than 7 bytes", "right file", .wrongUsage),
      (.failed(path: "a", reason: "I/O error"), "I/O error", "check the disk", .failed),
    ]
    for (error, finding, remedy, code) in told {
      let diagnosis = error.diagnosis
      #expect(diagnosis.place == "a")
      #expect(diagnosis.finding.contains(finding) && diagnosis.remedy.contains(remedy))
      #expect(diagnosis.exitCode == code, "\(error)")
    }
  }

  @Test("what has no word of its own is told in the system's") func systemWords() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("loop"), withDestinationPath: folder.path("loop"))
    let error = #expect(throws: FileError.self) {
      try SmallFile.read(folder.path("loop"), bytesMax: 10)
    }
    #expect(error?.diagnosis.finding == "Too many levels of symbolic links")
  }

  @Test("a secret: where it should be, never a part of it") func secrets() {
    let told: [(SecretError, String, String, ExitCode)] = [
      (.notSet(variable: "KEY"), "env:KEY", "not set", .failed),
      (.empty(place: "KEY"), "KEY", "empty", .failed),
      (.openToOthers(path: "k", mode: 0o644), "k", "mode 0644", .refused),
      (.notYours(path: "k"), "k", "another user", .refused),
      (.notText(path: "k"), "k", "UTF-8", .failed),
      (.unreadable(.missing(path: "k")), "k", "no such file", .wrongUsage),
    ]
    for (error, place, finding, code) in told {
      let diagnosis = error.diagnosis
      #expect(diagnosis.place == place && diagnosis.finding.contains(finding), "\(error)")
      #expect(diagnosis.exitCode == code && !diagnosis.remedy.isEmpty, "\(error)")
    }
  }

  @Test("cores: a number that is none, and one that comes too late") func cores() throws {
    #expect(throws: CoreBudgetError.notACount("0", place: "threads")) {
      try Cores.configure(count: 0)
    }
    let none = CoreBudgetError.notACount("two", place: "MARTINET_THREADS").diagnosis
    #expect(none.place == "MARTINET_THREADS" && none.finding.contains("'two'"))
    #expect(none.remedy.contains("1024") && none.exitCode == .wrongUsage)
    let late = CoreBudgetError.alreadySettled(
      CoreBudget(count: 2, origin: .hardware), wanted: 3
    ).diagnosis
    #expect(late.finding == "3 threads were asked for after work had begun on 2")
    #expect(late.remedy.contains("MARTINET_THREADS"))
  }

  @Test("an error nobody foresaw is told on one line, with the place it came from")
  func unforeseen() {
    struct Odd: Error, CustomStringConvertible { let description = "first\nsecond" }
    let told = Diagnosis(describing: Odd(), place: "martinet demo")
    #expect(told.place == "martinet demo" && told.finding == "first second")
    #expect(told.remedy.contains("--verbose") && told.exitCode == .failed)
    let known = Diagnosis(describing: FileError.missing(path: "x"), place: "y")
    #expect(known.place == "x", "an error that knows its place keeps it")
  }

  @Test("a log line for people tells an error with its remedy") func logged() {
    let outlet = Outlet()
    Log(.human(isColored: false), to: outlet)
      .error("stopped", ["late": true], error: FileError.missing(path: "a b.csv"))
    #expect(outlet.text.contains("late=true"))
    #expect(outlet.text.contains(#"error="a b.csv: there is no such file""#), "\(outlet.text)")
    #expect(outlet.text.contains(#"fix="check the path"#))
  }

  @Test("days that end before they start are refused with both") func days() throws {
    let first = try CivilDate(parsing: "2024-02-01")
    let last = try CivilDate(parsing: "2024-01-01")
    let error = #expect(throws: TimeError.self) { try TimeRange(first: first, last: last) }
    #expect(error.map { "\($0.diagnosis)" }?.contains("20240201-20240101") == true)
  }
}
