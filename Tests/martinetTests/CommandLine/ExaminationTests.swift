import Foundation
import Runtime
import TestKit
import Testing
import martinet

/// Each judgement of `martinet doctor`, on facts of machines that are not this one.
@Suite("What a doctor says of any machine") struct ExaminationTests {
  @Test("little memory and little disk are notes, no disk is a fault") func room() {
    let memory = Machine.Memory(meminfo: "MemTotal: 4194304 kB\nMemAvailable: 524288 kB\n")
    let poor = Examination.processor(level: "x86-64-v3", cores: 2, memory: memory)
    #expect(poor.map(\.state) == [.good, .attention])
    #expect(poor[1].remedy?.contains("1 GiB") == true)
    #expect(Examination.processor(level: "x86-64-v3", cores: 2, memory: nil).count == 1)
    let disks: [(UInt64?, Finding.State)] = [
      (nil, .attention), (99 << 20, .missing), (1 << 30, .attention), (3 << 30, .good),
    ]
    for (free, state) in disks {
      let finding = Examination.disk(free: free, at: "/data")
      #expect(finding.state == state && (finding.remedy == nil) == (state == .good))
      #expect(finding.finding.contains("/data"))
    }
  }

  @Test("a clock is judged by what the system says of it, and zones by whether they are here")
  func clock() {
    #expect(Examination.clock(.synchronised, timeZoneData: "2024a").map(\.state) == [.good, .good])
    let adrift = Examination.clock(.notSynchronised, timeZoneData: "")
    #expect(adrift[0].remedy?.contains("chrony") == true && adrift[1].finding == "here")
    let silent = Examination.clock(.unknown, timeZoneData: nil)
    #expect(silent.map(\.state) == [.attention, .attention])
    #expect(silent[1].remedy == "apt-get install tzdata")
    #expect(silent[0].json.text().contains(#""synchronised":null"#))
  }

  @Test("a program is missing, silent about its version, or good") func programs() {
    func look(_ path: String?, _ version: String?) -> Finding {
      Examination.program(
        "server", "Redis", path: path, version: version, purpose: "caches are tested with it",
        package: "apt-get install redis")
    }
    #expect(look(nil, nil).remedy == "apt-get install redis")
    #expect(
      look("/bin/redis", nil).finding == "Redis is at /bin/redis and does not tell its version")
    #expect(look("/bin/redis", "7.0").state == .good)
  }
}

@Suite("Every verb answers programs in JSON") struct JSONVerbTests {
  @Test("the demo gives its figures with the proof") func demo() throws {
    let folder = try ScratchFolder("demo")
    let run = try Binary.run("demo --json", in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let object = try run.object
    #expect(object["report"] as? String == "demo/report.html")
    #expect((object["proof"] as? [String: Any])?["verdict"] as? String == "clean")
    #expect((object["trades"] as? Int ?? 0) > 0)
  }

  @Test("init, new and completions name what they made") func made() throws {
    let folder = try ScratchFolder("init")
    let made = try Binary.run("init mine --json", in: folder.path).object
    #expect((made["files"] as? [String])?.contains("config/base.yaml") == true, "\(made)")
    let added = try Binary.run("new config cheap --json", in: folder.path("mine")).object
    #expect(added["file"] as? String == "config/cheap.yaml")
    let script = try Binary.run("completions zsh --json").object
    #expect(script["shell"] as? String == "zsh")
    #expect((script["script"] as? String)?.hasPrefix("#compdef martinet\n") == true)
  }

  @Test("without its sample data the demo says where to run it") func noSamples() throws {
    let folder = try ScratchFolder("bare")
    // Alone in a folder, with the libraries it was linked to, it has no samples near it.
    let copy = folder.path("martinet")
    try FileManager.default.copyItem(atPath: Binary.path, toPath: copy)
    let run = try Command.run(
      copy, ["demo"], environment: ["LD_LIBRARY_PATH": Package.path(".deps/lib")],
      folder: folder.path)
    #expect(run.status == 1, "\(run.output)\(run.errors)")
    #expect(run.isExplained && run.errors.contains("make demo"), "\(run.errors)")
  }

  @Test("buying and holding, several trials and settings at odds are told as such") func told()
    throws
  {
    let folder = try ScratchFolder("told")
    let data = ["backtest", "--data", Package.path("Samples/daily"), "--symbols", "SPY"]
    let held = try Binary.run(data + ["-s", "buy_and_hold", "--json"], in: folder.path)
    #expect(held.status == 0, "\(held.errors)")
    #expect(try held.object["strategy"] as? String == "buy_and_hold")
    let odd = try Binary.run(
      data + ["--set", "sma_cross.fast=60", "--set", "sma_cross.slow=20"], in: folder.path)
    #expect(odd.status == 2 && odd.errors.contains("60 is not below slow"), "\(odd.errors)")
    let tried = try Binary.run(data + ["--set", "evidence.trials=12"], in: folder.path)
    #expect(tried.output.replacing("\n", with: " ").contains("12 trials"), "\(tried.output)")
  }
}
