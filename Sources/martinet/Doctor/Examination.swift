import Runtime

/// What a doctor looks at, in order. Each part takes the facts and judges them; asking the system for
/// the facts stays outside, so that every judgement can be tested on any machine.
package enum Examination {
  package static func processor(level: String, cores: Int, memory: Machine.Memory?) -> [Finding] {
    var findings = [
      Finding(
        "processor", .good, "built for \(level), which this processor is; \(cores) cores to use",
        details: [
          JSON.Member("level", .string(level)), JSON.Member("cores", .integer(Int64(cores))),
        ])
    ]
    guard let memory else { return findings }
    let isShort = memory.available < 1 << 30
    findings.append(
      Finding(
        "memory", isShort ? .attention : .good,
        "\(NumberText.bytes(memory.available)) of \(NumberText.bytes(memory.total)) available",
        remedy: isShort ? "close other programs: long minute data wants 1 GiB or more" : nil,
        details: [
          JSON.Member("total_bytes", JSON(memory.total)),
          JSON.Member("available_bytes", JSON(memory.available)),
        ]))
    return findings
  }

  /// A library that was loaded when the program started: it is there, or we would not be.
  package static func library(_ name: String, version: String) -> Finding {
    Finding(
      "library", .good, "\(name) \(version)",
      details: [JSON.Member("name", .string(name)), JSON.Member("version", .string(version))])
  }

  /// A program that is not needed to run, only to build or to test.
  package static func program(
    _ topic: String, _ name: String, path: String?, version: String?, purpose: String,
    package: String
  ) -> Finding {
    let details = [
      JSON.Member("name", .string(name)), JSON.Member("path", JSON(path)),
      JSON.Member("version", JSON(version)),
    ]
    guard let path else {
      return Finding(
        topic, .attention, "\(name) is not here; \(purpose)", remedy: package, details: details)
    }
    guard let version else {
      return Finding(
        topic, .attention, "\(name) is at \(path) and does not tell its version",
        remedy: "try: \(path) --version", details: details)
    }
    return Finding(topic, .good, "\(name) \(version)", details: details)
  }

  package static func clock(_ state: Machine.ClockState, timeZoneData: String?) -> [Finding] {
    let details = [
      JSON.Member("synchronised", state == .unknown ? .null : .bool(state == .synchronised))
    ]
    let clock =
      switch state {
      case .synchronised:
        Finding("clock", .good, "kept in step with the world's", details: details)
      case .notSynchronised:
        Finding(
          "clock", .attention,
          "nothing here keeps it in step; how far it is off cannot be known offline",
          remedy: "before paper or live trading: apt-get install chrony", details: details)
      case .unknown:
        Finding(
          "clock", .attention, "the system does not say whether it is kept in step",
          remedy: "in a container, look at the host: timedatectl", details: details)
      }
    guard let timeZoneData else {
      return [
        clock,
        Finding(
          "time zones", .attention, "the system's time zone data is not here",
          remedy: "apt-get install tzdata", details: [JSON.Member("version", .null)]),
      ]
    }
    let version = timeZoneData.isEmpty ? "here" : "data \(timeZoneData)"
    return [
      clock,
      Finding(
        "time zones", .good, version, details: [JSON.Member("version", .string(timeZoneData))]),
    ]
  }

  package static func disk(free: UInt64?, at folder: String) -> Finding {
    guard let free else {
      return Finding(
        "disk", .attention, "how much is free in \(folder) cannot be asked",
        remedy: "try: df -h \(folder)", details: [JSON.Member("free_bytes", .null)])
    }
    let details = [JSON.Member("free_bytes", JSON(free))]
    let text = "\(NumberText.bytes(free)) free in \(folder)"
    switch free {
    case ..<(100 << 20):
      return Finding(
        "disk", .missing, text, remedy: "make room: reports and data need 100 MiB", details: details
      )
    case ..<(2 << 30):
      return Finding(
        "disk", .attention, text, remedy: "make room before fetching much data", details: details)
    default: return Finding("disk", .good, text, details: details)
    }
  }
}
