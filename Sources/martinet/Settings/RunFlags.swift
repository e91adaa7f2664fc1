import Market
import MarketData
import Runtime
import Trading

/// Flags that stand for a setting: what they say lies over files and `--set`.
enum RunFlags {
  static let data: Flag<String?> = .optional(
    "data", .text, metavariable: "FOLDER", help: "Folder with one file of bars a symbol.")
  static let symbols: Flag<[String]> = .list(
    "symbols", aliases: ["pairs"], .setting(Symbol.self), separator: ",",
    metavariable: "NAME,NAME", help: "What to look at or trade; all of the folder if not given.")
  static let interval: Flag<String?> = .optional(
    "interval", short: "i", aliases: ["timeframe"], .setting(BarInterval.self),
    metavariable: "LENGTH", help: "Length of a bar: 1min, 5min, 1h, 1d.")
  static let timerange: Flag<String?> = .optional(
    "timerange", .setting(TimeRange.self), metavariable: "DAYS",
    help: "Days, as in 20240101-20240630; either end may be left open.")
  static let columns: Flag<[String]> = .list(
    "columns", .setting(ColumnName.self), separator: ",", metavariable: "COLUMN=NAME",
    help: "Columns that the files call otherwise, as in close=Last.")
  static let zone: Flag<String?> = .optional(
    "zone", .text, metavariable: "ZONE",
    help: "Time zone of stamps that name none, as in America/New_York.")
  static let stamp: Flag<String?> = .optional(
    "stamp", .oneOf(BarDeclaration.Stamp.allCases.map(\.rawValue)), metavariable: "MOMENT",
    help: "Which moment of a bar its stamp names.")
  static let strategy: Flag<String?> = .optional(
    "strategy", short: "s", .oneOf(StrategyName.allCases.map(\.rawValue)), metavariable: "NAME",
    help: "The strategy.")
  static let rules: Flag<String?> = .optional(
    "rules", .text, metavariable: "FILE",
    help: "Trade by the rules of this file instead of a strategy; docs/RULES.md.")
  static let plugin: Flag<String?> = .optional(
    "plugin", .text, metavariable: "FILE",
    help: "Let a library of your own decide; docs/PLUGINS.md.")
  static let process: Flag<[String]> = .list(
    "process", .text, separator: ",", metavariable: "PROGRAM,ARGUMENT",
    help: "Let a program of your own decide, as in python3,mine.py; docs/PROCESSES.md.")
  static let parameters: Flag<[String]> = .list(
    "parameters", .setting(ParameterValue.self), separator: ",", metavariable: "NAME=NUMBER",
    help: "Numbers for the parameters of the rules, instead of the file's own.")
  static let fee: Flag<Double?> = .optional(
    "fee", .number(in: 0...0.1, example: "0.001"), metavariable: "RATIO",
    help: "Commission, as a part of the value of each fill; 0.001 is ten basis points.")
  static let commission: Flag<String?> = .optional(
    "commission", .oneOf(CostSettings.Plan.allCases.map(\.rawValue)), metavariable: "PLAN",
    help: "The broker's plan, in place of a part of each fill.")
  static let slippage: Flag<Double?> = .optional(
    "slippage", .number(in: 0...0.1, example: "0.0005"), metavariable: "RATIO",
    help: "How much worse than the market's price orders are filled; 0.0005 is five basis points.")
  static let leverage: Flag<Double?> = .optional(
    "leverage", aliases: ["margin"], .number(in: 1...10, example: "2"), metavariable: "TIMES",
    help: "Positions up to so many times the account, short ones too.")
  static let borrowRate: Flag<Double?> = .optional(
    "borrow-rate", .number(in: 0...10, example: "0.03"), metavariable: "RATIO",
    help: "A year's charge for what is sold short, as a part of its value.")
  static let actions: Flag<String?> = .optional(
    "actions", .text, metavariable: "PLACE",
    help: "Apply splits and dividends to prices as traded: a folder of factor files, or a store.")
  static let notices: Flag<String?> = .optional(
    "notices", .text, metavariable: "FILE",
    help: "Halts, price bands and shares to borrow; docs/FILL_RULES.md.")
  static let memoryLimit: Flag<String?> = .optional(
    "memory-limit", .setting(MemorySize.self), metavariable: "SIZE",
    help: "Most memory that the process may take, as in 512MB.")
  static let benchmark: Flag<String?> = .optional(
    "benchmark", .setting(Symbol.self), metavariable: "SYMBOL",
    help: "Hold the result against this symbol of the data instead of the symbols that are traded.")
  static let report: Flag<String?> = .optional(
    "report", aliases: ["export"], .text, metavariable: "FILE", help: "The page to write.")

  static let ofData: [any AnyFlag] = [
    data, symbols, interval, timerange, columns, zone, stamp, SettingsFiles.environment,
  ]
  /// Who decides.
  static let ofDecider: [any AnyFlag] = [strategy, rules, parameters, process, plugin]
  static let ofBacktest: [any AnyFlag] =
    ofDecider + ofData + ofVenue + [benchmark, memoryLimit, report]
  /// What trading costs, and what happens at the venue.
  static let ofVenue: [any AnyFlag] = [
    fee, commission, slippage, leverage, borrowRate, actions, notices,
  ]

  /// The flags that were given, as `key=value`.
  static func assignments(_ invocation: Invocation) throws -> [String] {
    let deciders =
      [try invocation[strategy], try invocation[rules], try invocation[plugin]]
      .compactMap(\.self).count + (try invocation[process].isEmpty ? 0 : 1)
    guard deciders <= 1 else { throw TwoStrategies() }
    var given: [String] = []
    for (key, flag) in [
      ("data", data), ("interval", interval), ("timerange", timerange), ("strategy", strategy),
      ("rules", rules), ("plugin", plugin), ("benchmark", benchmark),
      ("report", report), ("bars.zone", zone),
      ("bars.stamp", stamp), ("costs.commission", commission), ("venue.actions", actions),
      ("venue.notices", notices), ("memory_limit", memoryLimit),
    ] {
      if let value = try invocation[flag] { given.append("\(key)=\(value)") }
    }
    for (key, flag) in [
      ("symbols", symbols), ("columns", columns), ("parameters", parameters), ("process", process),
    ] {
      let values = try invocation[flag]
      if !values.isEmpty { given.append("\(key)=\(values.joined(separator: ","))") }
    }
    if let fee = try invocation[fee] { given.append("costs.commission_bps=\(fee * 10_000)") }
    if let slippage = try invocation[slippage] {
      given += ["costs.slippage=basis_points", "costs.slippage_bps=\(slippage * 10_000)"]
    }
    for (key, flag) in [("account.leverage", leverage), ("costs.borrow_rate", borrowRate)] {
      if let value = try invocation[flag] { given.append("\(key)=\(value)") }
    }
    return given
  }
}

extension Reading<String> {
  /// Text that a setting of this type takes, kept as text.
  static func setting(_ type: (some ConfigurationText).Type) -> Self {
    Reading(expecting: type.expected, example: "") { text in
      do throws(ConfigurationRefusal) { _ = try type.read(text: text) } catch {
        throw FlagRefusal(refusal: error)
      }
      return text
    }
  }
}

/// A setting's refusal, as an error of the flag that stands for it.
private struct FlagRefusal: DiagnosedError {
  let refusal: ConfigurationRefusal

  var diagnosis: Diagnosis {
    Diagnosis(
      place: "", finding: refusal.finding, remedy: refusal.remedy ?? "see --help",
      exitCode: .wrongUsage)
  }
}
