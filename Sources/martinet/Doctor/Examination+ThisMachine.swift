import CProcessor
import Glibc
import MarketData
import Models
import Numerics
import Runtime

extension Examination {
  /// Everything, on this machine.
  package static func ofThisMachine(environment: [String: String]) throws -> [Finding] {
    let level = String(cString: martinet_processor_level())
    try Cores.check()
    return processor(level: level, cores: Cores.budget.count, memory: Machine.memory())
      + [library("Arrow", version: arrowVersion())]
      + RuntimeLibraries.all.map { library($0.name, version: $0.version) }
      + [
        linearAlgebra(), boosting("XGBoost", BoostingLibraries.xgboost),
        boosting("LightGBM", BoostingLibraries.lightgbm),
      ] + programs(ProgramProbe(environment: environment, further: serverFolders))
      + clock(Machine.clockState(), timeZoneData: Machine.timeZoneData())
      + [disk(free: Machine.freeDisk(at: "."), at: "this folder")]
  }

  /// Opens the library, which tries its kernels where this machine has not yet.
  private static func linearAlgebra() -> Finding {
    do throws(LinearAlgebraError) {
      let backend = try LinearAlgebra.backend()
      return Finding(
        "library", .good, "\(backend.library), kernels \(backend.kernels)",
        reason: backend.reason,
        details: [
          JSON.Member("name", "OpenBLAS"), JSON.Member("version", .string(backend.library)),
          JSON.Member("kernels", .string(backend.kernels)),
          JSON.Member("path", .string(backend.path)),
        ])
    } catch {
      let diagnosis = error.diagnosis
      return Finding(
        "library", .missing, "OpenBLAS: \(diagnosis.finding)", remedy: diagnosis.remedy,
        details: [JSON.Member("name", "OpenBLAS"), JSON.Member("version", .null)])
    }
  }

  /// Opens a library that only models of its kind need.
  private static func boosting(
    _ name: String, _ find: () throws(BoostingError) -> (version: String, path: String)
  ) -> Finding {
    do throws(BoostingError) {
      let (version, path) = try find()
      return Finding(
        "library", .good, "\(name) \(version)",
        details: [
          JSON.Member("name", .string(name)), JSON.Member("version", .string(version)),
          JSON.Member("path", .string(path)),
        ])
    } catch {
      let diagnosis = error.diagnosis
      return Finding(
        "library", .missing, "\(name): \(diagnosis.finding)", remedy: diagnosis.remedy,
        details: [JSON.Member("name", .string(name)), JSON.Member("version", .null)])
    }
  }

  /// Debian keeps the server outside PATH, one folder for each of its versions.
  private static let serverFolders = (13...20).reversed().map { "/usr/lib/postgresql/\($0)/bin" }

  private static func programs(_ probe: ProgramProbe) -> [Finding] {
    func look(
      _ topic: String, _ name: String, _ commands: [String], _ purpose: String, _ remedy: String
    ) -> Finding {
      let path = probe.path(of: commands)
      let version = path.flatMap { ProgramProbe.versionText(of: $0) }
      return program(
        topic, name, path: path, version: version.flatMap(ProgramProbe.versionNumber),
        purpose: purpose, package: remedy)
    }
    return [
      look(
        "toolchain", "Swift", ["swift"], "only building needs it",
        "install Swift 6.3 or later: https://www.swift.org/install/linux"),
      look(
        "server", "PostgreSQL", ["postgres"], "its tests are skipped",
        "make test installs it, or: apt-get install postgresql"),
      look(
        "server", "Redis", ["redis-server"], "its tests are skipped",
        "make test installs it, or: apt-get install redis-server"),
      look(
        "browser", "Chromium", ["chromium", "chromium-browser", "google-chrome"],
        "tests of pages are skipped", "make test installs it, or: apt-get install chromium"),
    ]
  }
}
