import Foundation
import TestKit
import Testing

@Suite("An import that fills the disk") struct DiskFullTests {
  /// What keeps a store from growing.
  enum Disk: String, CaseIterable {
    /// A file may not become larger: what a quota does.
    case limit
    /// A small file system in memory, where a user may make one.
    case tiny
  }

  private static let present: [Disk] = {
    let probe = try? Command.run("/usr/bin/unshare", ["-Urm", "true"], limit: 10)
    return probe?.status == 0 ? Disk.allCases : [.limit]
  }()

  /// A store with one small series, a large one that finds no room, and the same with room.
  private static let script = """
    disk=$1 size=$2 store=$3 martinet=$4
    mkdir disk
    case $disk in
      tiny) mount -t tmpfs -o size=${size}k tmpfs disk || exit 92 ;;
    esac
    import() { "$martinet" data import --to "$store" "$1" --quiet; }
    narrow() {
      if [ "$disk" = limit ]; then (trap '' XFSZ; ulimit -f "$size"; import "$1"); else import "$1"; fi
    }
    import SMALL.csv || exit 90
    narrow LARGE.csv; echo "status $?"
    "$martinet" data list --from "$store" --json || exit 93
    if [ "$disk" = tiny ]; then mount -o remount,size=64m disk || exit 94; fi
    import LARGE.csv || exit 91
    "$martinet" data list --from "$store" --json
    """

  private func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder("full")
    var random = SeededGenerator(seed: 3)
    for (name, count) in [("SMALL", 20), ("LARGE", 40_000)] {
      var lines = ["timestamp,open,high,low,close,volume"]
      for row in 0..<count {
        let price = Double.random(in: 50...150, using: &random)
        lines.append(
          "\(1_700_000_000 + 60 * row),\(price),\(price + 1),\(price - 1),\(price),\(row)")
      }
      try (lines.joined(separator: "\n") + "\n").write(
        toFile: folder.path(name + ".csv"), atomically: true, encoding: .utf8)
    }
    try "stamp: start\nzone: America/New_York\nadjustment: none\nsource: test\n".write(
      toFile: folder.path("source.yaml"), atomically: true, encoding: .utf8)
    return folder
  }

  @Test(
    "is refused in words, takes nothing from the store, and can be done again with more room",
    arguments: present, [("sqlite:disk/m.db", 2048), ("lake:disk/lake", 192)])
  func full(disk: Disk, store: (address: String, kibibytes: Int)) throws {
    let folder = try folder()
    let words = [
      "-c", Self.script, "-", disk.rawValue, "\(store.kibibytes)", store.address, Binary.path,
    ]
    let run =
      disk == .tiny
      ? try Command.run(
        "/usr/bin/unshare", ["-Urm", "/bin/bash"] + words, limit: 300, folder: folder.path)
      : try Command.run("/bin/bash", words, limit: 300, folder: folder.path)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("status 1"), "\(run.output)\(run.errors)")
    #expect(run.errors.contains("error: ") && run.errors.contains("fix:"), "\(run.errors)")
    if disk == .tiny { #expect(run.errors.contains("full"), "\(run.errors)") }
    let lists = run.output.components(separatedBy: "status 1")
    try #require(lists.count == 2)
    let counts = lists[1].matches(of: /"bars":\s*(\d+)/).compactMap { Int($0.1) }
    // The large series may have been declared, but none of its bars is there.
    #expect(counts.filter { $0 > 0 } == [20, 40_000, 20], "\(run.output)")
  }
}
