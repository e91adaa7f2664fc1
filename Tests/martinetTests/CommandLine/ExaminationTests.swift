import Runtime
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
