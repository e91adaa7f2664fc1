// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The processor level is found once by `make set-up` and recorded in .deps/processor.
// The environment variable wins, so that a build for another level needs no new set-up.
// It must be part of the manifest, not of the command line, so that editors build the same code.
func processorLevel() -> String {
  if let level = Context.environment["MARTINET_CPU"], !level.isEmpty { return level }
  let file = Context.packageDirectory + "/.deps/processor"
  guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return "x86-64-v3" }
  return text.trimmingCharacters(in: .whitespacesAndNewlines)
}
let level = processorLevel()
let march = level == "arm64" ? "-mcpu=generic" : "-march=\(level)"

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Passed to the Clang importer, where it also sets the target features of Swift's own code.
  // Without errno a square root is one instruction, of one number or of a whole register.
  .unsafeFlags(["-Xcc", march, "-Xcc", "-fno-math-errno"]),
]

// The libraries of .deps are found relative to the executable, whichever scratch folder it was built in:
// .build/TRIPLE/CONFIGURATION and .build/LEVEL/TRIPLE/CONFIGURATION.
let linkerSettings: [LinkerSetting] = [
  .unsafeFlags([
    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../../../.deps/lib",
    "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../../.deps/lib",
  ])
]

// Its tests look at single kernels and at memory plans, in release too, where they are compiled as
// they run.
let openToTests: [SwiftSetting] = [.unsafeFlags(["-enable-testing"])]

/// A room of the program (docs/ARCHITECTURE.md) and what it may use; order is direction.
let rooms: KeyValuePairs<String, [String]> = [
  "Runtime": ["CYAML", "COpenSSL", "CTimex", "CMalloc", "CRename", "CCurl", "CChecksum"],
  "Databases": ["Runtime", "CSQLite", "CPostgreSQL"],
  "Numerics": ["Runtime", "CThreads"],
  "Tensors": ["Runtime", "Numerics", "CHalfProduct"],
  "Market": ["Runtime", "Numerics"],
  "MarketData": ["Runtime", "Databases", "Numerics", "Market", "CArrow", "CArchive"],
  "Features": ["Runtime", "Numerics", "Market", "MarketData"],
  "Evidence": ["Runtime", "Numerics", "Market"],
  "Learning": [
    "Runtime", "Numerics", "Market", "MarketData", "Features", "Evidence", "CModelEntries",
  ],
  "Models": [
    "Runtime", "Numerics", "Tensors", "Market", "MarketData", "Features", "Learning",
    "CRankQuestions",
  ],
  "Trading": [
    "Runtime", "Numerics", "Market", "Features", "Evidence", "Learning", "CPlugin",
    "CSweepLanes",
  ],
]
let everyRoom: [Target.Dependency] = rooms.map { .byName(name: $0.key) }

let libraries: [Target] = [
  .systemLibrary(name: "CYAML", path: "Sources/C/YAML", pkgConfig: "yaml-0.1"),
  // Linux's clock calls, which Swift's own map of the C library leaves out.
  .systemLibrary(name: "CTimex", path: "Sources/C/Timex"),
  // What strategies in libraries of their own are written against.
  .systemLibrary(name: "CPlugin", path: "Sources/C/Plugin"),
  // Its call that exchanges two folders.
  .systemLibrary(name: "CRename", path: "Sources/C/Rename"),
  // And glibc's settings of malloc.
  .systemLibrary(name: "CMalloc", path: "Sources/C/Malloc"),
  // The processor's instruction for checksums.
  .systemLibrary(name: "CChecksum", path: "Sources/C/Checksum"),
  .systemLibrary(name: "COpenSSL", path: "Sources/C/OpenSSL", pkgConfig: "libcrypto"),
  // Headers only: the library is opened at the first request.
  .systemLibrary(name: "CCurl", path: "Sources/C/Curl"),
  .systemLibrary(name: "CSQLite", path: "Sources/C/SQLite", pkgConfig: "sqlite3"),
  // Only its header: the library is opened when a PostgreSQL is first spoken to, because linking it
  // makes every start of the program three milliseconds longer.
  .systemLibrary(name: "CPostgreSQL", path: "Sources/C/PostgreSQL"),
  // Trees of six levels, asked for 64 rows at once.
  .systemLibrary(name: "CRankQuestions", path: "Sources/C/RankQuestions"),
  // Eight accounts of a sweep side by side.
  .systemLibrary(name: "CSweepLanes", path: "Sources/C/SweepLanes"),
  // Headers only: where the linker has put the list of models.
  .systemLibrary(name: "CModelEntries", path: "Sources/C/ModelEntries"),
  .systemLibrary(name: "CArchive", path: "Sources/C/Archive", pkgConfig: "libarchive"),
  .systemLibrary(
    name: "CArrowLibraries", path: "Sources/C/ArrowLibraries", pkgConfig: "martinet-arrow"),
  .target(
    name: "CArrow", dependencies: ["CArrowLibraries"], path: "Sources/C/Arrow",
    cxxSettings: [
      .unsafeFlags(["-include", Context.packageDirectory + "/Sources/C/Arrow/set_up_check.h"])
    ]),
  .target(name: "CThreads", path: "Sources/C/Threads"),
  // The product of BFloat16 pairs, for processors that have it, whatever the level of the build.
  .target(name: "CHalfProduct", path: "Sources/C/HalfProduct"),
  // Built for the baseline processor on purpose: its constructor runs before any other code.
  .target(
    name: "CProcessor", path: "Sources/C/Processor",
    cSettings: [.define("MARTINET_PROCESSOR_LEVEL", to: "\"\(level)\"")]),
]

let goldenFolders = [
  "MarketData": ["Golden"], "Numerics": ["Golden"], "Features": ["Golden"], "Tensors": ["Golden"],
  "Trading": ["Golden"], "Evidence": ["Golden", "Vectors"], "Models": ["Golden"],
]

let roomTargets: [Target] = rooms.flatMap { name, uses -> [Target] in
  [
    .target(
      name: name, dependencies: uses.map { .byName(name: $0) },
      swiftSettings: swiftSettings + (name == "Tensors" ? openToTests : [])),
    .testTarget(
      name: "\(name)Tests", dependencies: everyRoom + ["TestKit", "CAllocations"],
      // Values to compare with and the scripts that wrote them, read by path.
      exclude: goldenFolders[name] ?? [],
      swiftSettings: swiftSettings,
      linkerSettings: linkerSettings),
  ]
}

let package = Package(
  name: "martinet",
  targets: libraries + roomTargets + [
    .executableTarget(
      name: "martinet", dependencies: everyRoom + ["CProcessor"], swiftSettings: swiftSettings,
      linkerSettings: linkerSettings),
    .executableTarget(
      name: "bench", dependencies: everyRoom + ["CProcessor"], path: "Benchmarks/bench",
      swiftSettings: swiftSettings, linkerSettings: linkerSettings),
    // Where tests find shared data and the servers and browsers they start; no product uses it.
    .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: swiftSettings),
    // Counts calls of malloc in whatever program links it.
    .target(name: "CAllocations", path: "Tests/Allocations"),
    .testTarget(
      name: "martinetTests", dependencies: everyRoom + ["martinet", "TestKit", "CProcessor"],
      swiftSettings: swiftSettings, linkerSettings: linkerSettings),
  ],
  cxxLanguageStandard: .cxx20
)
