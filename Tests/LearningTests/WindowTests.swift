import Features
import Foundation
import Learning
import Market
import MarketData
import Runtime
import TestKit
import Testing

@Suite("Windows over a training set")
struct WindowTests {
  private func set(_ folder: TemporaryFolder) throws -> LearningSet {
    try MadeSets.write(to: folder.path("set"))
    return try LearningSet(TrainingSet.open(folder.path("set")), horizon: 5)
  }

  @Test("none crosses a symbol or the edge of a part, and none is missing", arguments: [1, 5, 60])
  func brute(steps: Int) throws {
    let folder = try TemporaryFolder()
    let set = try set(folder)
    for part in TrainingSet.Part.allCases {
      let table = try TrainingSet.open(folder.path("set"))[part]
      let windows = try set.windows(part, steps: steps)
      var rows: [Int32: [Int]] = [:]
      for row in 0..<table.rowCount { rows[table.codes[row], default: []].append(row) }
      var expected = 0
      for own in rows.values { expected += max(0, own.count - steps + 1) }
      #expect(windows.count == expected)
      let (codes, times) = (windows.codes, windows.datetimes)
      #expect(times == times.sorted())
      for sample in stride(from: 0, to: windows.count, by: 7) {
        let own = try #require(rows[codes[sample]])
        let last = try #require(own.firstIndex { table.datetimes[$0] == times[sample] })
        #expect(windows.label(sample) == table.numbers["label_h5"]?[own[last]])
        windows.withSample(sample) { values in
          for step in 0..<steps {
            for (column, name) in windows.featureNames.enumerated() {
              let truth = table.numbers[name].map { Float($0[own[last - steps + 1 + step]]) }
              #expect(values[step * windows.featureCount + column] == truth)
            }
          }
        }
      }
    }
  }

  @Test("a gap longer than the limit parts a symbol's rows", arguments: [1.0, 2, 3])
  func gaps(limit: Double) throws {
    let times: [Int64] = [0, 1, 2, 4, 5, 8, 9, 10, 11].map { $0 * Lessons.day }
    let table = SampleTable(
      datetimes: Column(times), symbols: [try #require(Symbol("A"))],
      codes: Column(times.map { _ in 0 }),
      numbers: NumberTable(
        names: ["x", "label_h1"],
        columns: [Column(times.map(Double.init)), Column(times.map { _ in 1 })]))
    let folder = try TemporaryFolder()
    try MadeSets.write(to: folder.path("set"))
    let source = try TrainingSet.open(folder.path("set"))
    let runs = try LearningSet.ends(
      of: table, features: ["x"], label: "label_h1", steps: 3,
      gapMax: .seconds(limit * 86_400), place: source.folder)
    var expected: [Int32] = []
    for last in 2..<times.count {
      let spans = (last - 1...last).map { times[$0] - times[$0 - 1] }
      if spans.allSatisfy({ Double($0) <= limit * Double(Lessons.day) }) {
        expected.append(Int32(last))
      }
    }
    #expect(runs == expected)
  }

  @Test("subsets and permutations share the numbers, and say the same of each sample")
  func subsets() {
    let windows = Lessons.windows(rows: 100, steps: 4, seed: 3, label: Lessons.byFirst)
    let order = Array(0..<windows.count).shuffled()
    let shuffled = windows.subset(order)
    #expect(shuffled.matrix === windows.matrix)
    for (place, sample) in order.enumerated() {
      #expect(shuffled.label(place) == windows.label(sample))
      let same = windows.withSample(sample) { one in
        shuffled.withSample(place) { other in one.elementsEqual(other) }
      }
      #expect(same)
    }
    #expect(shuffled.block().count == windows.count * windows.width)
  }

  @Test("later bars change no window before them")
  func future() throws {
    let folder = try TemporaryFolder()
    try MadeSets.write(to: folder.path("long"), bars: 500)
    let set = try LearningSet(TrainingSet.open(folder.path("long")), horizon: 5)
    let all = try set.windows(.train, steps: 10)
    // A window shows rows of its own end and before: its last time bounds all it shows.
    for sample in stride(from: 0, to: all.count, by: 11) {
      let end = Int(all.ends[sample])
      #expect(end - 9 >= 0)
      #expect((end - 9...end).allSatisfy { all.labelOfRow[$0].isFinite })
    }
    let split = SteeringSplit(try set.windows(.validation, steps: 10))
    let first = try #require(split.calibration.datetimes.min())
    // What settles a label of steering comes before the first row of the calibration.
    let lasts = Dictionary(
      grouping: zip(split.steering.codes, split.steering.datetimes), by: \.0
    ).mapValues { $0.map(\.1).max() ?? 0 }
    for last in lasts.values { #expect(last + 5 * Lessons.day < first + Lessons.day) }
  }
}

@Suite("The proof that windows show nothing later")
struct WindowProofTests {
  private func frames() throws -> [Frame] {
    try (0..<2).map { try MadeSets.frame("S\($0)", bars: 160, seed: UInt64($0 + 1)) }
  }

  @Test("samples as models are shown them are clean, whatever their length")
  func clean() throws {
    let parts = try WindowProof.run(frames: frames(), cuts: 12)
    #expect(parts.map(\.name) == ["samples of 1 row", "samples of 10 rows"])
    for part in parts {
      #expect(part.verdict.isClean, "\(part.name): \(part.verdict.sentence)")
      #expect(part.verdict.compared > 1000)
    }
  }

  enum Cheat: CaseIterable {
    case nextRow, othersRows
  }

  @Test(
    "windows that show the next row, or another symbol's, are caught", arguments: Cheat.allCases)
  func caught(cheat: Cheat) throws {
    let subject = Computation((0..<3).map { ProvenColumn("close \($0)") }) { world in
      var (times, closes, codes): ([Int64], [Double], [Int]) = ([], [], [])
      // The symbol that comes second in the block begins first in time.
      for (code, frame) in world.frames.enumerated() {
        times += frame.knownAt
        closes += try frame.numbers("close")
        codes += Array(repeating: code, count: frame.count)
      }
      let matrix = FeatureMatrix(names: ["close"], rows: closes.count) { block in
        for row in closes.indices { block[row] = Float(closes[row]) }
      }
      let shift = cheat == .nextRow ? 1 : 0
      let ends = closes.indices.filter { row in
        row >= 2 && row + shift < closes.count
          && (cheat == .othersRows || codes[row + shift] == codes[row - 2])
      }
      return world.frames.indices.map { code in
        let own = ends.filter { codes[$0] == code }
        let shown = own.map { end in (0..<3).map { Double(matrix[end + shift - 2 + $0, 0]) } }
        return ProvenTable(
          name: "S\(code)", usedAt: Column(own.map { times[$0] }),
          values: (0..<3).map { place in Column(shown.map { $0[place] }) })
      }
    }
    let world = World(try frames())
    let cuts = LookAheadProof.drawnCuts(in: world, count: 12, seed: 1)
    let verdict = try LookAheadProof.run(subject, on: world, cuts: cuts)
    #expect(verdict.findings.first?.cause == .future, "\(verdict.sentence)")
  }
}

@Suite("Numbers in files that processes share")
struct MatrixFileTests {
  private func set(_ folder: TemporaryFolder, cache: String?) throws -> LearningSet {
    if !FileManager.default.fileExists(atPath: folder.path("set")) {
      try MadeSets.write(to: folder.path("set"))
    }
    let files = cache.map { MatrixFiles(CacheFolder(folder: $0, ending: MatrixFiles.ending)) }
    return try LearningSet(TrainingSet.open(folder.path("set")), horizon: 5, files: files)
  }

  private func files(_ folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(MatrixFiles.ending) }.sorted().map { "\(folder)/\($0)" }
  }

  @Test("they are the numbers of the set, written once and read by whoever comes next")
  func shared() throws {
    let folder = try TemporaryFolder()
    let cache = folder.path("cache")
    let own = try set(folder, cache: nil)
    let first = try set(folder, cache: cache)
    let written = files(cache)
    #expect(written.count == TrainingSet.Part.allCases.count)
    let before = try written.map { try FileManager.default.attributesOfItem(atPath: $0) }
    let second = try set(folder, cache: cache)
    let after = try files(cache).map { try FileManager.default.attributesOfItem(atPath: $0) }
    for (one, other) in zip(before, after) {
      #expect(one[.systemFileNumber] as? Int == other[.systemFileNumber] as? Int)
    }
    for part in TrainingSet.Part.allCases {
      let blocks = try [own, first, second].map { try $0.windows(part, steps: 5).block() }
      #expect(!blocks[0].isEmpty && blocks[0] == blocks[1] && blocks[0] == blocks[2])
    }
  }

  @Test("a file that is damaged or cut short is made again", arguments: [100, 5000, -1])
  func damaged(place: Int) throws {
    let folder = try TemporaryFolder()
    let cache = folder.path("cache")
    let truth = try set(folder, cache: cache).windows(.train, steps: 1).block()
    for path in files(cache) {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      if place < 0 { bytes.removeLast(7) } else { bytes[place % bytes.count] ^= 0x40 }
      // A page's rest behind the hash is never read.
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    #expect(try set(folder, cache: cache).windows(.train, steps: 1).block() == truth)
    #expect(try set(folder, cache: cache).windows(.train, steps: 1).block() == truth)
  }

  @Test("a folder that nothing can be written to costs nothing but memory")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let truth = try set(folder, cache: nil).windows(.train, steps: 1).block()
    let found = try set(folder, cache: "/proc/no-such-folder").windows(.train, steps: 1).block()
    #expect(found == truth)
  }
}

@Suite("Sets that nothing can be learned from")
struct LessonRefusalTests {
  private func refusal(_ body: () throws -> Void) -> Diagnosis? {
    do { try body() } catch { return (error as? any DiagnosedError)?.diagnosis }
    return nil
  }

  @Test("a horizon without labels, and what there is instead")
  func horizon() throws {
    let folder = try TemporaryFolder()
    try MadeSets.write(to: folder.path("set"))
    let found = refusal {
      _ = try LearningSet(TrainingSet.open(folder.path("set")), horizon: 7)
    }
    #expect(found?.finding.contains("label_h7") == true)
    #expect(found?.remedy.contains("label_h5") == true && found?.exitCode == .wrongUsage)
  }

  @Test("one class only, features that never change, and fewer rows than a window")
  func lessons() throws {
    let folder = try TemporaryFolder()
    let kind = try ModelRegistry.standard().kind("lstm")
    try MadeSets.write(to: folder.path("one"), band: .fixed(5))
    let one = try LearningSet(TrainingSet.open(folder.path("one")), horizon: 5)
    let found = refusal { try one.check(one.windows(.train, steps: 1), for: kind.card) }
    #expect(found?.finding.contains("nothing to tell apart") == true)
    try MadeSets.write(to: folder.path("flat"), expressions: [("x", "close - close")])
    let flat = try LearningSet(TrainingSet.open(folder.path("flat")), horizon: 5)
    #expect(flat.constantFeatures == ["x"])
    #expect(
      refusal { try flat.check(flat.windows(.train, steps: 1), for: kind.card) }?.finding
        .contains("one value") == true)
    try MadeSets.write(to: folder.path("short"), bars: 160)
    let short = try LearningSet(TrainingSet.open(folder.path("short")), horizon: 5)
    let few = refusal { _ = try short.windows(.test, steps: 60) }
    #expect(few?.finding.contains("60 in a row") == true)
    #expect(few?.remedy.contains("sequence_length=30") == true)
  }

  @Test("missing features are refused by a model that needs all, and by name")
  func missing() throws {
    let folder = try TemporaryFolder()
    try MadeSets.write(
      to: folder.path("set"),
      expressions: [("x", "close / open"), ("hole", "log(open - close)")],
      missing: .keep)
    let set = try LearningSet(TrainingSet.open(folder.path("set")), horizon: 5)
    let windows = try set.windows(.train, steps: 1)
    let card = try ModelRegistry.standard().kind("lstm").card
    let found = refusal { try set.check(windows, for: card) }
    #expect(found?.finding.contains("hole") == true, "\(String(describing: found))")
    let patient = ModelCard(
      "patient", family: .boosting, "Makes do", abilities: [.classes, .missing])
    #expect(refusal { try set.check(windows, for: patient) } == nil)
    // The model that the remedy names is one.
    let named = try ModelRegistry.standard().kind("lightgbm").card
    #expect(found?.remedy.contains("lightgbm") == true)
    #expect(refusal { try set.check(windows, for: named) } == nil)
  }

  @Test("a sample is copied to the last number, however long it is", arguments: [1, 2, 50, 1500])
  func copied(steps: Int) {
    let samples = Lessons.windows(
      rows: 4000, features: 3, symbols: 2, steps: steps, seed: 3, label: Lessons.byFirst)
    let three = samples.subset([7, 0, samples.count - 1])
    let block = three.block()
    #expect(block.count == 9 * steps)
    for sample in 0..<3 {
      three.withSample(sample) { own in
        #expect(block[3 * steps * sample..<3 * steps * (sample + 1)].elementsEqual(own))
      }
    }
  }
}
