import Glibc
import Runtime
import Testing

@Suite("Core budget") struct CoreBudgetTests {
  @Test("the tightest of machine, quota and variable holds")
  func choosesTightest() throws {
    #expect(try budget(8, nil, nil) == CoreBudget(count: 8, origin: .hardware))
    #expect(try budget(8, 2.5, nil) == CoreBudget(count: 2, origin: .quota))
    #expect(try budget(8, 0.5, nil) == CoreBudget(count: 1, origin: .quota))
    #expect(try budget(2, 16, "") == CoreBudget(count: 2, origin: .hardware))
    #expect(try budget(8, 2.5, "6") == CoreBudget(count: 6, origin: .environment))
  }

  @Test(
    "a variable that is no number of threads is refused", arguments: ["0", "-1", "two", "9999"])
  func refusesNonsense(text: String) {
    #expect(throws: CoreBudgetError.notACount(text, place: "MARTINET_THREADS")) {
      try budget(8, nil, text)
    }
  }

  @Test("once settled, another number is refused and the same one is not")
  func settlesOnce() throws {
    let settled = Cores.budget
    try Cores.configure(count: settled.count)
    #expect(Cores.budget == settled)
    if settled.origin != .environment {
      #expect(throws: CoreBudgetError.alreadySettled(settled, wanted: settled.count + 1)) {
        try Cores.configure(count: settled.count + 1)
      }
    }
  }

  @Test("OpenMP libraries that are loaded later are told")
  func tellsOpenMP() {
    let settled = Cores.budget
    #expect(getenv("OMP_NUM_THREADS").map { String(cString: $0) } == String(settled.count))
  }

  private func budget(
    _ schedulable: Int, _ quota: Double?, _ variable: String?
  ) throws(CoreBudgetError) -> CoreBudget {
    try CoreBudget.found(schedulable: schedulable, quota: quota, variable: variable)
  }
}

@Suite("Control group") struct ControlGroupTests {
  @Test("version 2: the tightest limit on the way to the root")
  func unified() {
    let files = [
      "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "/sys/fs/cgroup/a/cpu.max": "250000 100000\n",
      "/sys/fs/cgroup/cpu.max": "800000 100000\n",
    ]
    #expect(ControlGroup(memberships: "0::/a/b\n") { files[$0] }.quota() == 2.5)
  }

  @Test("version 1: quota and period in two files, -1 for none")
  func legacy() {
    let memberships = "4:memory:/other\n3:cpu,cpuacct:/docker/x\n0::/\n"
    var files = [
      "/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us": "150000\n",
      "/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us": "100000\n",
    ]
    let limited = files
    #expect(ControlGroup(memberships: memberships) { limited[$0] }.quota() == 1.5)
    files["/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us"] = "-1\n"
    let free = files
    #expect(ControlGroup(memberships: memberships) { free[$0] }.quota() == nil)
  }

  @Test("noise is no limit", arguments: ["", "x", "0::", ":::::", "1:cpu", "0::/a\n\n"])
  func noise(memberships: String) {
    #expect(ControlGroup(memberships: memberships) { _ in "nonsense 0" }.quota() == nil)
  }
}
