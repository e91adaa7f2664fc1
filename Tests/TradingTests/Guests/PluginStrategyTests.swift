import Features
import Foundation
import Market
import Numerics
import Runtime
import TestKit
import Testing
import Trading

@Suite("Strategies as libraries") struct PluginStrategyTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder("plugin") }

  /// A library of C, made by the compiler that Swift has with it.
  private func library(
    _ decide: String, interface: String = "MARTINET_PLUGIN_INTERFACE",
    exports: String = "strategy", name: String = "\"in C\""
  ) throws -> String {
    let file = folder.path(UUID().uuidString)
    let text = """
      #include <stdlib.h>
      #include <stdio.h>
      #include "martinet_plugin.h"
      const uint32_t martinet_plugin_interface = \(interface);
      static void *create(void) { return calloc(1, 64); }
      static void destroy(void *state) { free(state); }
      static void on_bars(void *state, const MartinetDesk *desk) {
        int *memory = state;
      \(decide)
      }
      static const MartinetStrategy strategy = {\(name), 30, create, destroy, NULL, on_bars};
      const MartinetStrategy *martinet_plugin_\(exports)(void) { return &strategy; }
      """
    try text.write(toFile: file + ".c", atomically: true, encoding: .utf8)
    let made = try Command.run(
      "/usr/bin/env",
      [
        "clang", "-shared", "-fPIC", "-O1", "-I", Package.path("Sources/C/Plugin"), "-o",
        file + ".so", file + ".c",
      ], limit: 60, environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""],
      folder: folder.path)
    try #require(made.status == 0, "\(made.errors)")
    return file + ".so"
  }

  private static let crossing = """
      for (uint32_t i = 0; i < desk->bar_count; i++) {
        double close[30], fast = 0, slow = 0;
        if (desk->history(desk->context, desk->bars[i].series, MARTINET_CLOSE, 30, close) < 30) continue;
        for (int k = 0; k < 30; k++) slow += close[k];
        for (int k = 20; k < 30; k++) fast += close[k];
        int wants = fast / 10 > slow / 30 ? 1 : 2;
        if (memory[desk->bars[i].instrument] == wants) continue;
        memory[desk->bars[i].instrument] = wants;
        desk->hold(desk->context, desk->bars[i].instrument, wants == 1 ? 1 : 0);
      }
    """

  private func settings() -> BacktestSettings {
    var settings = BacktestSettings()
    settings.resamples = 100
    return settings
  }

  @Test("A library in C trades as the strategy in Swift does, fill by fill")
  func sameAsSwift() throws {
    let frames = try ["AAA", "BBB"].enumerated().map {
      try HandFrames.walk($1, bars: 400, seed: 20 + UInt64($0))
    }
    let path = try library(Self.crossing)
    let plugin = try PluginStrategy(path: path)
    #expect(plugin.name == "in C" && plugin.warmUp == 30)
    let own = try Backtest.run(frames: frames, strategy: plugin, settings: settings())
    let built = try Backtest.run(
      frames: frames, strategy: SMACross(fast: 10, slow: 30), settings: settings())
    #expect(own.fills.map(\.time) == built.fills.map(\.time))
    #expect(own.fills.map(\.quantity) == built.fills.map(\.quantity))
    #expect(own.equity.last == built.equity.last)
    // The same value runs again from its beginning, and side by side with itself.
    let jobs = (0..<4).map { _ in
      BacktestJob(frames: frames, strategy: plugin, settings: settings())
    }
    for result in Backtest.runAll(jobs) {
      #expect(try result.get().equity.last == own.equity.last)
    }
  }

  @Test(
    "What was built for another version, or is no strategy, is refused with both versions named",
    arguments: [
      ("2", "strategy", "\"x\"", "version 2 of the interface; this program has 1"),
      ("0", "strategy", "\"x\"", "version 0"),
      ("MARTINET_PLUGIN_INTERFACE", "plan", "\"x\"", "no strategy"),
      ("MARTINET_PLUGIN_INTERFACE", "strategy", "NULL", "no name"),
    ])
  func refused(interface: String, exports: String, name: String, words: String) throws {
    let path = try library("", interface: interface, exports: exports, name: name)
    do throws(StrategyFailure) {
      _ = try PluginStrategy(path: path)
      Issue.record("this was let through")
    } catch {
      #expect(error.diagnosis.finding.contains(words), "\(error.diagnosis)")
      #expect(error.diagnosis.exitCode == .refused && !error.diagnosis.remedy.isEmpty)
    }
  }

  @Test("What is no library is refused in plain words")
  func noLibrary() throws {
    let folder = try ScratchFolder("plugin")
    try "no library".write(toFile: folder.path("x.so"), atomically: true, encoding: .utf8)
    for path in [folder.path("x.so"), folder.path("none.so"), folder.path] {
      do throws(StrategyFailure) {
        _ = try PluginStrategy(path: path)
        Issue.record("this was let through")
      } catch {
        #expect(error.diagnosis.finding.contains("cannot be loaded"), "\(error.diagnosis)")
      }
    }
  }

  @Test(
    "What cannot be meant ends the run with the reason, and no order of that moment leaves",
    arguments: [
      ("desk->hold(desk->context, 9, 1);", "instrument 9 of 1"),
      ("desk->hold(desk->context, 0, 0.0 / 0.0);", "nan"),
      ("desk->order(desk->context, 0, 1, 7, 1);", "no kind of order 7"),
      ("desk->order(desk->context, 0, 1, MARTINET_LIMIT, 1e300);", "cannot be"),
      ("double v[2]; desk->history(desk->context, 3, MARTINET_CLOSE, 2, v);", "no series 3"),
      ("double v[2]; desk->history(desk->context, 0, 9, 2, v);", "no field 9"),
      ("desk->hold(desk->context, 0, 1); desk->fail(desk->context, \"I give up\");", "I give up"),
    ])
  func nonsense(call: String, words: String) throws {
    let path = try library(call)
    let plugin = try PluginStrategy(path: path)
    let frame = try HandFrames.walk(bars: 40, seed: 1)
    do throws(BacktestError) {
      _ = try Backtest.run(
        frames: [frame], strategy: plugin, settings: settings())
      Issue.record("this was let through")
    } catch {
      #expect(error.diagnosis.finding.contains(words), "\(error.diagnosis)")
    }
  }

  @Test("The proof passes an honest library and finds one that keeps what an earlier run saw")
  func proof() throws {
    let frame = try HandFrames.walk(bars: 200, seed: 5)
    let honest = try library(Self.crossing)
    let cheat = try library(
      """
        // The closes of a run are left for the next one, which then knows what comes.
        static double kept[4096];
        static int count = 0;
        int row = memory[0]++;
        double close;
        desk->history(desk->context, 0, MARTINET_CLOSE, 1, &close);
        if (row + 1 < count) desk->hold(desk->context, 0, kept[row + 1] > kept[row] ? 1 : 0);
        if (row < 4096) { kept[row] = close; if (row >= count) count = row + 1; }
      """)
    for (path, isClean) in [(honest, true), (cheat, false)] {
      let plugin = try PluginStrategy(path: path)
      let proof = try StrategyProof(frames: [frame], settings: settings(), cuts: 4, seed: 1) { _ in
        AnyStrategy(plugin)
      }
      #expect(proof.isClean == isClean, "\(proof.sentence)")
    }
  }
}
