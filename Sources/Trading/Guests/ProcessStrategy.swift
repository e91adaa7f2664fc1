import Market
import Numerics
import Runtime
import Synchronization

/// The command of a strategy in any language, and how long it may think about a bar.
public struct ProcessSource: Hashable, Sendable {
  /// The program and its arguments.
  public let command: [String]
  public let seconds: Double

  public init(command: [String], seconds: Double = 5) {
    self.command = command
    self.seconds = seconds
  }

  /// The hash of the files that the command names: another script is another strategy.
  func digest() -> String {
    var hash = SHA256()
    for word in command.dropFirst() where !word.hasPrefix("-") {
      // What is no file is an argument, and counts as its own text.
      do { hash.update(try SmallFile.read(word, bytesMax: 1 << 24)) } catch { hash.update(word) }
      hash.update("\n")
    }
    return hash.finish().description
  }

  var json: JSON {
    [
      "name": "process", "command": JSON(command.map { JSON($0) }), "seconds": JSON(seconds),
      "files_sha256": JSON(digest()),
    ]
  }

  init?(_ json: JSON?) {
    guard let command = json?["command"]?.elements?.compactMap(\.string), !command.isEmpty,
      let seconds = json?["seconds"]?.double
    else { return nil }
    self.init(command: command, seconds: seconds)
  }
}

/// Lets a program decide that reads lines of JSON and answers each with a line: docs/PROCESSES.md.
///
/// It is sent what became known, and nothing else; what it answers goes through the gate like anything
/// a strategy asks for. A run has a process of its own.
public struct ProcessStrategy: Strategy {
  public let source: ProcessSource
  public let name: String
  public let warmUp: Int
  public var pace: GuestPace? { answered }
  private var answered = GuestPace()
  private let greeted: GreetedProcess
  private var process: LineProcess?
  private var message = ProcessMessage()
  /// Bars that were sent, by series.
  private var sent: [Int] = []

  /// Starts the program once, to be told what it calls itself.
  public init(_ source: ProcessSource) throws(StrategyFailure) {
    self.source = source
    let process = try Self.start(source)
    let answer = try Self.answer(of: process, to: ProcessMessage.hello, source)
    guard answer["martinet"]?.whole == ProcessMessage.version else {
      throw StrategyFailure(
        source.place,
        "it speaks version \(answer["martinet"]?.text() ?? "none") of the protocol, "
          + "this program version \(ProcessMessage.version)",
        "take the client that belongs to this program: Samples/process/martinet.py",
        exitCode: .refused)
    }
    guard let name = answer["name"]?.string, (1...100).contains(name.count),
      let warmUp = answer["warm_up"]?.whole, (0...1_000_000).contains(warmUp)
    else {
      throw StrategyFailure(
        source.place, "its answer to the greeting has no name and warm_up",
        "answer {\"martinet\": 1, \"name\": \"…\", \"warm_up\": 20}; see docs/PROCESSES.md")
    }
    (self.name, self.warmUp) = (Excerpt.bare(name, longest: 100), Int(warmUp))
    greeted = GreetedProcess(process)
  }

  private static func start(_ source: ProcessSource) throws(StrategyFailure) -> LineProcess {
    do {
      return try LineProcess(source.command, limit: .seconds(source.seconds))
    } catch { throw source.failure(error) }
  }

  private static func answer(
    of process: LineProcess, to line: [UInt8], _ source: ProcessSource
  ) throws(StrategyFailure) -> JSON {
    let bytes: ArraySlice<UInt8>
    do { bytes = try process.ask(line) } catch { throw source.failure(error) }
    let answer: JSON
    do { answer = try JSON(parsing: Array(bytes), source: "answer") } catch {
      throw StrategyFailure(
        source.place,
        "its answer is no JSON: "
          + Excerpt.quoted(String(decoding: bytes.prefix(80), as: UTF8.self)),
        "print nothing to standard output but answers")
    }
    if let error = answer["error"]?.string {
      throw StrategyFailure(
        source.place, "it failed: \(Excerpt.bare(error, longest: 200))", "correct the strategy")
    }
    return answer
  }

  public mutating func onStart(_ desk: inout Desk) {
    do throws(StrategyFailure) {
      let process = try own()
      self.process = process
      answered = GuestPace()
      sent = desk.histories.map(\.count)
      let answer = try Self.answer(of: process, to: ProcessMessage.start(desk), source)
      guard answer.elements?.isEmpty == true else {
        throw StrategyFailure(
          source.place, "it answered the start with something else than []",
          "answer [] to the start; orders follow on bars")
      }
    } catch {
      desk.stop(error)
    }
  }

  /// The process of this run, which knows the protocol already.
  private func own() throws(StrategyFailure) -> LineProcess {
    if let process = greeted.take() { return process }
    let process = try Self.start(source)
    _ = try Self.answer(of: process, to: ProcessMessage.hello, source)
    return process
  }

  public mutating func onFill(_ fill: Fill, _ desk: inout Desk) { message.add(fill) }

  /// The first bar of an instant speaks for all: by then those of all series are known.
  public mutating func onBar(_ bar: BarOfSeries, _ desk: inout Desk) {
    guard let process, desk.histories[bar.series.place].count > sent[bar.series.place] else {
      return
    }
    let started = ContinuousClock.now
    let bars = message.write(desk, after: &sent)
    do throws(StrategyFailure) {
      let bytes: ArraySlice<UInt8>
      do { bytes = try process.ask(message.bytes) } catch { throw source.failure(error) }
      answered.add(bars: bars, took: started.duration(to: .now))
      // Most bars lead to nothing.
      if bytes.elementsEqual([UInt8(ascii: "["), UInt8(ascii: "]")]) { return }
      for act in try ProcessAnswer.acts(bytes, of: source) { try desk.perform(act) }
    } catch {
      self.process = nil
      desk.stop(error)
    }
  }
}

/// The process that was asked for its name; the first run takes it, and no other.
private final class GreetedProcess: Sendable {
  private let process: Mutex<LineProcess?>

  init(_ process: LineProcess) { self.process = Mutex(process) }

  func take() -> LineProcess? {
    process.withLock { process in
      defer { process = nil }
      return process
    }
  }
}

extension ProcessSource {
  var place: String { command.joined(separator: " ") }

  func failure(_ error: LineProcessError) -> StrategyFailure {
    let (finding, remedy) =
      switch error {
      case .cannotStart(_, let reason):
        ("it cannot be started: \(reason)", "check the command: the first word is the program")
      case .ended(_, let how):
        ("\(how) instead of answering", "what it said of it stands above; correct the strategy")
      case .silent(_, let limit):
        (
          "it gave no answer within \(DurationText.print(limit)) and was ended",
          "make it answer each line, or give it longer: --set process_seconds=60"
        )
      case .tooLong: ("its answer has no end", "answer with one line under a megabyte")
      case .spokeTwice:
        (
          "it answered one line with two",
          "print nothing to standard output but one answer to each line"
        )
      }
    return StrategyFailure(Excerpt.bare(place, longest: 100), finding, remedy)
  }
}
