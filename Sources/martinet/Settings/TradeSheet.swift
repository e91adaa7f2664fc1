import Market
import MarketData
import Runtime
import Trading

/// The trades of a run as a file: CSV, JSON or Parquet, by its ending.
struct TradeSheet {
  private let report: RunReport

  init(_ report: RunReport) { self.report = report }

  /// Refuses a file whose form is not known, before anything is run or written.
  static func check(_ path: String) throws {
    guard [".csv", ".json", ".parquet"].contains(where: path.hasSuffix) else {
      throw TradeSheetError.unknownFormat(path)
    }
  }

  func write(to path: String) throws {
    try Self.check(path)
    try UserFolder.makeFolder(ofFile: path)
    if path.hasSuffix(".csv") {
      try AtomicFile.write(csv, to: path)
    } else if path.hasSuffix(".json") {
      try AtomicFile.write(JSON(rows.map { .object($0) }).text() + "\n", to: path)
    } else {
      try ParquetFile(path: path).write(sheet)
    }
  }

  /// Each trade as JSON has it; times are instants of UTC.
  private var rows: [[JSON.Member]] {
    report.trades.map { trade in
      [
        .init("symbol", JSON(trade.symbol.text)), .init("side", JSON(side(trade))),
        .init("entry", JSON(trade.entry.description)), .init("exit", JSON(trade.exit.description)),
        .init("is_open", JSON(trade.isOpen)), .init("bars", JSON(trade.bars)),
        .init("quantity", JSON(trade.quantity)), .init("entry_price", JSON(trade.entryPrice)),
        .init("exit_price", JSON(trade.exitPrice)), .init("stake", JSON(trade.stake)),
        .init("fees", JSON(trade.fees)), .init("profit", JSON(trade.profit)),
        .init("profit_ratio", JSON(trade.profitRatio)),
      ]
    }
  }

  private func side(_ trade: RunReport.Trade) -> String { trade.quantity < 0 ? "short" : "long" }

  /// Symbols have neither commas nor quotation marks, so that nothing needs to be quoted.
  private var csv: String {
    let head =
      "symbol,side,entry,exit,is_open,bars,quantity,entry_price,exit_price,stake,fees,profit,"
      + "profit_ratio\n"
    return rows.reduce(into: head) { text, row in
      text += row.map { $0.value.string ?? $0.value.text() }.joined(separator: ",") + "\n"
    }
  }

  private var sheet: TickSheet {
    let trades = report.trades
    var sheet = TickSheet(rowCount: trades.count)
    sheet.addText("symbol", trades) { $0.symbol.text }
    sheet.addText("side", trades, side)
    sheet.addStamps("entry", trades) { $0.entry.nanoseconds }
    sheet.addStamps("exit", trades) { $0.exit.nanoseconds }
    sheet.addIntegers("is_open", trades) { $0.isOpen ? 1 : 0 }
    sheet.addIntegers("bars", trades) { Int64($0.bars) }
    sheet.addNumbers("quantity", trades, \.quantity)
    sheet.addNumbers("entry_price", trades, \.entryPrice)
    sheet.addNumbers("exit_price", trades, \.exitPrice)
    sheet.addNumbers("stake", trades, \.stake)
    sheet.addNumbers("fees", trades, \.fees)
    sheet.addNumbers("profit", trades, \.profit)
    sheet.addNumbers("profit_ratio", trades, \.profitRatio)
    return sheet
  }
}

/// Daily returns as a table that QuantStats and pandas read: a day, what the account returned on it, and
/// what the benchmark did.
enum ReturnSheet {
  static func csv(of report: RunReport) -> String {
    let held = report.dailyBenchmark
    return report.dailyReturns.enumerated().reduce(into: "date,strategy,benchmark\n") { text, row in
      text += "\(row.element.day),\(row.element.value),\(held[row.offset].value)\n"
    }
  }
}

enum TradeSheetError: DiagnosedError {
  case unknownFormat(String)

  var diagnosis: Diagnosis {
    switch self {
    case .unknownFormat(let path):
      Diagnosis(
        place: "--trades \(path)", finding: "neither .csv, .json nor .parquet",
        remedy: "end the name with one of them", exitCode: .wrongUsage)
    }
  }
}
