import Foundation
import Learning
import TestKit
import Testing

@Suite("Training, as a person runs it") struct LearningVerbTests {
  /// A folder with a small set of three symbols.
  private static func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder("learning")
    try """
    features:
      - {name: r1, expr: "close / lag(close, 1) - 1"}
      - {name: r5, expr: "close / lag(close, 5) - 1"}
      - {name: z20, expr: "zscore(close, 20)"}
    symbols: [NVDA, SPY, AMD]
    timerange: 20150101-
    """.write(toFile: folder.path("f.yaml"), atomically: true, encoding: .utf8)
    let built = try Binary.run(
      [
        "features", "build", "--config", "f.yaml", "--data", Package.path("Samples/daily"), "--out",
        "set",
      ],
      in: folder.path)
    #expect(built.status == 0, "\(built.errors)")
    return folder
  }

  private static func run(_ line: String, in folder: ScratchFolder) throws -> Command {
    try Binary.run(line.split(separator: " ").map(String.init), in: folder.path, limit: 300)
  }

  private static let network =
    "--model gru --data set --seed 7 --set sequence_length=5 --set hidden=4 --set training.epochs=2 "
    + "--set training.batch=64 --set training.checkpoint_steps=5 --cores 1 --skip-sanity"

  @Test("a set becomes a run, the run forecasts, a version in production, and a strategy's orders")
  func whole() throws {
    let folder = try Self.folder()
    let trained = try Self.run("train --model ridge --horizon 5 --data set --json", in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
    let answer = try trained.object
    let run = try #require(answer["run"] as? String)
    let metrics = try #require(answer["metrics"] as? [String: Any])
    #expect((metrics["accuracy"] as? Double ?? 0) > 0.2)
    let manifest = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder.path("\(run)/manifest.json"))))
    let libraries = (manifest as? [String: Any])?["libraries"] as? [String: String]
    #expect(libraries?["OpenBLAS"]?.contains("kernels") == true && libraries?["libyaml"] != nil)
    let listed = try Self.run("runs list --json", in: folder).object
    #expect((listed["runs"] as? [[String: Any]])?.count == 1)
    let predicted = try Self.run(
      "predict --model \(run) --data set/test_scaled.parquet --out p.parquet --json", in: folder)
    #expect(predicted.status == 0, "\(predicted.errors)")
    let refused = try Self.run("models promote \(run) --set accuracy_min=0.99", in: folder)
    #expect(refused.status == 3 && refused.isExplained && refused.errors.contains("accuracy_min"))
    let promoted = try Self.run(
      "models promote \(run) --set beats_baselines=false --json", in: folder)
    #expect(promoted.status == 0, "\(promoted.errors)")
    let version = try #require(try promoted.object["version"] as? String)
    let models = try JSONSerialization.jsonObject(
      with: Data(Self.run("models list --json", in: folder).output.utf8))
    let kinds = try #require(models as? [[String: Any]])
    #expect(
      Set(kinds.compactMap { $0["name"] as? String }).isSuperset(of: [
        "xgboost", "lightgbm", "lstm", "gru", "transformer", "ridge", "logistic", "naive",
      ]))
    for kind in kinds {
      let own = kind["version"] as? String
      #expect(kind["name"] as? String == "ridge" ? own == version : own == nil)
      #expect(kind["family"] as? String != nil)
    }
    let traded = try Binary.run(
      [
        "backtest", "--strategy", "model", "--set", "artefact=v1", "--symbols", "NVDA", "--data",
        Package.path("Samples/daily"), "--json", "--record", "rec",
      ], in: folder.path)
    #expect(traded.status == 0, "\(traded.errors)")
    let replayed = try Self.run("prove replay --run rec", in: folder)
    #expect(replayed.status == 0, "\(replayed.errors)")
    let early = try Binary.run(
      [
        "backtest", "--strategy", "model", "--set", "artefact=v1", "--symbols", "NVDA", "--data",
        Package.path("Samples/daily"), "--timerange", "20160101-20170101",
      ], in: folder.path)
    #expect(early.status == 3 && early.errors.contains("trained to"), "\(early.errors)")
  }

  @Test("what is wrong is said with the nearest name, and no folder is left behind")
  func refusals() throws {
    let folder = try Self.folder()
    for (line, words, status) in [
      ("train --model lightgmb --data set", "lightgbm", Int32(2)),
      ("train --model gru --data set --set hiden=8", "hidden", 2),
      ("train --model gru --data set --set training.epocs=8", "epochs", 2),
      ("train --model ridge --data set --horizon 7", "label_h5", 2),
      ("train --model ridge --data nowhere", "no such file", 2),
      ("train --model gru --data set --set sequence_length=5000", "sequence_length=2500", 3),
      ("train --data set", "--model", 2),
      ("train --resume gru_x", "no such run", 2),
      ("predict --model nothing --data set/test_scaled.parquet", "is so called", 2),
      ("predict --model ridge --data set/test_scaled.parquet", "models promote", 2),
      ("models describe rigde", "did you mean ridge?", 2),
      ("models rollback rigde", "did you mean ridge?", 2),
      ("models rollback ridge", "no version was in force", 3),
      ("models promote nothing", "no such run", 2),
      ("runs rm nothing", "no such run", 2),
    ] {
      let command = try Self.run(line, in: folder)
      #expect(command.status == status && command.isExplained, "\(line): \(command.errors)")
      #expect(command.errors.contains(words), "\(line): \(command.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("experiments/runs")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("production/models/v1")))
  }

  @Test("rows streamed one by one are answered one by one, as the file is")
  func stream() throws {
    let folder = try Self.folder()
    let trained = try Self.run("train --model naive --data set --json --skip-sanity", in: folder)
    let run = try #require(try trained.object["run"] as? String)
    let lines = [
      #"{"symbol":"NVDA","time":"2026-01-02T21:00:00Z","features":{"r1":0.1,"r5":0.2,"z20":1}}"#,
      #"{"symbol":"NVDA","time":"2026-01-05T21:00:00Z","features":[0.1,0.2,1]}"#,
    ].joined(separator: "\n")
    try lines.write(toFile: folder.path("rows"), atomically: true, encoding: .utf8)
    let answered = try Command.run(
      "/bin/sh", ["-c", "\"$0\" predict --model \(run) --stream < rows", Binary.path], limit: 60,
      folder: folder.path)
    #expect(answered.status == 0, "\(answered.errors)")
    let answers = answered.output.split(separator: "\n")
    #expect(answers.count == 2 && answers.allSatisfy { $0.contains("p_up") })
    for bad in ["{}", #"{"symbol":"NVDA","time":"2026-01-02T21:00:00Z","features":{"r1":1}}"#, "x"]
    {
      try bad.write(toFile: folder.path("rows"), atomically: true, encoding: .utf8)
      let refused = try Command.run(
        "/bin/sh", ["-c", "\"$0\" predict --model \(run) --stream < rows", Binary.path], limit: 60,
        folder: folder.path)
      #expect(refused.status != 0 && refused.isExplained, "\(bad): \(refused.errors)")
    }
  }

  private static let isOptimized: Bool = {
    var isOptimized = true
    assert(
      {
        isOptimized = false
        return true
      }())
    return isOptimized
  }()

  /// Seconds of the processor that so many streamed rows take.
  private static func streamed(_ rows: Int, by run: String, in folder: ScratchFolder) throws
    -> Double
  {
    let lines = (0..<rows).map { row in
      let time = Date(timeIntervalSince1970: 1_800_000_000 + 86_400 * Double(row))
      let x = Double(row % 17) / 17
      return "{\"symbol\":\"NVDA\",\"time\":\"\(time.formatted(.iso8601))\",\"features\":"
        + "{\"r1\":\(x),\"r5\":\(-x),\"z20\":\(2 * x)}}"
    }
    try lines.joined(separator: "\n").write(
      toFile: folder.path("rows"), atomically: true, encoding: .utf8)
    let timed = try Command.run(
      "/bin/bash",
      [
        "-c", "TIMEFORMAT='%U %S'; time \"$0\" predict --model \(run) --stream < rows > answers",
        Binary.path,
      ], limit: 120, environment: ["LC_ALL": "C.UTF-8"], folder: folder.path)
    let answers = try String(contentsOfFile: folder.path("answers"), encoding: .utf8)
    #expect(answers.split(separator: "\n").count == rows, "\(timed.errors)")
    let times = timed.errors.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(times.count == 2, "\(timed.errors)")
    return times[0] + times[1]
  }

  @Test(
    "a streamed row costs less than a millisecond",
    .enabled(if: isOptimized, "a debug build is no measure"),
    arguments: [
      "lstm --set training.epochs=1", "gru --set training.epochs=1", "xgboost --set rounds=200",
      "lightgbm --set rounds=200",
    ])
  func streamCost(model: String) throws {
    let folder = try Self.folder()
    let trained = try Self.run(
      "train --model \(model) --data set --json --skip-sanity --cores 1", in: folder)
    let run = try #require(try trained.object["run"] as? String)
    let (few, many) = (
      try Self.streamed(200, by: run, in: folder), try Self.streamed(3200, by: run, in: folder)
    )
    #expect((many - few) / 3000 < 0.001, "\((many - few) / 3000) s")
  }

  @Test(
    "killed at any instant and gone on with, a run ends in the same model, and none is half there")
  func killed() throws {
    let folder = try Self.folder()
    let straight = try Self.run("train \(Self.network) --json --runs whole", in: folder)
    #expect(straight.status == 0, "\(straight.errors)")
    let metrics = try #require(try straight.object["metrics"] as? [String: Any])
    let id = try #require(metrics["model_id"] as? String)
    var chance = SeededGenerator(seed: 1)
    var interrupted = 0
    for trial in 0..<FuzzBudget.inputs(usual: 3, nightly: 100) {
      let runs = "runs\(trial)"
      var process = try Self.start("train \(Self.network) --runs \(runs)", in: folder)
      // Killed up to three times, at instants that fall into loading, steps, checkpoints and writing.
      for _ in 0..<3 {
        usleep(UInt32.random(in: 20_000...300_000, using: &chance))
        guard process.isRunning else { break }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let store = RunStore(path: folder.path(runs))
        for run in try store.runs() { try run.verify() }
        guard let name = try store.unfinishedNames().first else { break }
        interrupted += 1
        let hasRequest = FileManager.default.fileExists(
          atPath: folder.path("\(runs)/\(name).unfinished/request.json"))
        process = try Self.start(
          hasRequest
            ? "train --resume \(name) --runs \(runs)" : "train \(Self.network) --runs \(runs)",
          in: folder)
      }
      process.waitUntilExit()
      let ended = try RunStore(path: folder.path(runs)).runs()
      for run in ended {
        try run.verify()
        #expect(run.modelID == id, "trial \(trial)")
      }
    }
    #expect(interrupted > 0 || FuzzBudget.inputs(usual: 3, nightly: 100) == 3)
  }

  private static func start(_ line: String, in folder: ScratchFolder) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Binary.path)
    process.arguments = line.split(separator: " ").map(String.init)
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ["MARTINET_STATE": folder.path("state"), "LC_ALL": "C.UTF-8"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// A file system in memory of so many kibibytes, on which a run begins; then with room.
  private static let narrow = """
    mkdir disk && mount -t tmpfs -o size=${1}k tmpfs disk || exit 92
    "$2" train ${@:3} --runs disk/runs; echo "status $?"
    "$2" runs list --runs disk/runs --json; "$2" runs gc --runs disk/runs > gc.txt || exit 93
    mount -o remount,size=64m disk || exit 94
    "$2" train ${@:3} --runs disk/runs --quiet > again.txt || exit 95
    "$2" runs list --runs disk/runs --json
    """

  private static let hasOwnDisk: Bool = {
    let probe = try? Command.run("/usr/bin/unshare", ["-Urm", "true"], limit: 10)
    return probe?.status == 0
  }()

  @Test(
    "a disk that fills while a model is trained is named, and leaves no run that is listed",
    .enabled(if: hasOwnDisk, "a user may mount no file system here"),
    // In checkpoints, predictions and the page.
    arguments: [8, 60, 120])
  func diskFull(kibibytes: Int) throws {
    let folder = try Self.folder()
    let words = Self.network.split(separator: " ").map(String.init)
    let run = try Command.run(
      "/usr/bin/unshare",
      ["-Urm", "/bin/bash", "-c", Self.narrow, "-", "\(kibibytes)", Binary.path] + words,
      limit: 300, folder: folder.path)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let lists = run.output.components(separatedBy: "status 1")
    try #require(lists.count == 2, "\(run.output)\(run.errors)")
    #expect(run.errors.contains("the disk is full") && run.errors.contains("fix:"), "\(run.errors)")
    #expect(lists[1].contains(/"runs":\s*\[\s*\]/))
    #expect(lists[1].matches(of: /"run":/).count == 1, "\(run.output)")
  }

  @Test("an experiment trains all models at all horizons, and one that fails stops nobody")
  func experiment() throws {
    let folder = try Self.folder()
    try """
    data: set
    models: [naive, ridge, gru]
    horizons: [5, 20]
    sanity: false
    settings: [gru.sequence_length=5000]
    """.write(toFile: folder.path("e.yaml"), atomically: true, encoding: .utf8)
    let run = try Self.run("experiment run e.yaml --json", in: folder)
    #expect(run.status == 1, "\(run.errors)")
    let results = try #require(try run.object["results"] as? [[String: Any]])
    #expect(results.count == 6)
    for result in results {
      let failed = result["model"] as? String == "gru"
      #expect(result["done"] as? Bool == !failed)
      if failed { #expect((result["complaint"] as? String)?.contains("in a row") == true) }
    }
    let page = try #require(try run.object["report"] as? String)
    let text = try String(contentsOfFile: folder.path(page), encoding: .utf8)
    #expect(text.contains("ridge") && text.contains("failed"))
    for chart in ["Accuracy of each model", "Log-loss", "Rank correlation", "Sharpe ratio above"] {
      #expect(text.contains("<h3 id=\"block") && text.contains(chart), "\(chart)")
    }
  }
}
