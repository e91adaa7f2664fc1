import Foundation
import Market
import Runtime

/// A folder with one file of bars a symbol: `NVDA.csv`, `SPY_5min.parquet`.
public struct DataFolder: Sendable {
  public let path: String
  /// What the folder's `source.yaml` says; empty where there is none.
  public let declaration: BarDeclaration
  private let files: [Symbol: String]

  /// The symbols there are bars of, in alphabetical order.
  public var symbols: [Symbol] { files.keys.sorted() }

  /// Lists the folder and reads its declaration, but no bars yet.
  public init(path: String) throws(DataError) {
    self.path = path
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .unreadable(
        path: path, reason: exists ? "it is not a folder that can be listed" : "no such folder")
    }
    var files: [Symbol: String] = [:]
    for name in names.sorted() {
      guard let symbol = Self.symbol(ofFile: name) else { continue }
      guard files.updateValue(name, forKey: symbol) == nil else {
        throw .badDeclaration(
          place: path, finding: "more than one file holds bars of \(symbol)",
          remedy: "keep one of them, or put each interval into a folder of its own")
      }
    }
    self.files = files
    declaration =
      names.contains(BarDeclaration.fileName)
      ? try Self.declaration(path + "/" + BarDeclaration.fileName) : BarDeclaration()
  }

  /// The bars of `symbols`, in that order.
  ///
  /// - Parameters:
  ///   - interval: how long bars must be; `nil` takes them as they are.
  ///   - days: the days wanted, in the exchange's zone.
  public func load(
    symbols: [Symbol], interval: BarInterval? = nil, days: TimeRange = .all,
    options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> [Frame] {
    var frames: [Frame] = []
    for symbol in symbols {
      let frame = try load(symbol, options: options)
      if let interval, frame.interval != interval {
        throw .badDeclaration(
          place: file(of: symbol),
          finding: "has bars of \(frame.interval), not of \(interval)",
          remedy: "choose that interval, or name another folder with --data")
      }
      frames.append(try select(days, of: frame))
    }
    return frames
  }

  /// Every bar of one symbol.
  public func load(
    _ symbol: Symbol, options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> Frame {
    let path = try file(holding: symbol)
    var options = options
    options.declaration = declaration.overlaid(with: options.declaration)
    let frames = try BarFile(path: path).frames(symbol: symbol, options: options)
    guard let frame = frames.first(where: { $0.symbol == symbol }) ?? frames.first else {
      throw .empty(path: path)
    }
    return frame
  }

  private func file(holding symbol: Symbol) throws(DataError) -> String {
    guard files[symbol] != nil else {
      let names = self.symbols.map(\.text)
      throw .unknownSymbol(
        symbol: symbol.text, folder: path, nearest: Words.nearest(to: symbol.text, among: names),
        available: names)
    }
    return file(of: symbol)
  }

  /// Every bar of one symbol as a store would take it: on whatever days and in whatever order, for
  /// checks to say what is wrong with them; and what they are declared to be.
  public func unchecked(
    _ symbol: Symbol
  ) throws(DataError) -> (bars: BarBatch, declaration: BarDeclaration) {
    let path = try file(holding: symbol)
    let reader = try BarFileReader(
      path: path, symbol: symbol, options: ReadingOptions(declaration: declaration),
      needsAdjustment: false)
    var gatherer = BatchGatherer()
    while let batches = try reader.next() {
      for batch in batches { gatherer.add(batch) }
    }
    let all = gatherer.takeAll()
    guard let bars = all.first(where: { $0.symbol == symbol }) ?? all.first else {
      throw .empty(path: path)
    }
    return (bars, reader.declaration)
  }

  /// The rows whose session lies in `days`; refused where there are none.
  private func select(_ days: TimeRange, of frame: Frame) throws(DataError) -> Frame {
    guard days != .all else { return frame }
    let zone: Zone
    do {
      zone = try Zone(named: declaration.zone ?? Zone.newYork.name)
    } catch {
      throw .calendar(place: file(of: frame.symbol), error)
    }
    let rows = frame.rows(on: days, in: zone)
    guard !rows.isEmpty else {
      let first = zone.date(at: Timestamp(nanoseconds: frame.start[0]))
      let last = zone.date(at: Timestamp(nanoseconds: frame.start[frame.count - 1]))
      throw .noBars(
        place: file(of: frame.symbol), wanted: "\(frame.symbol) in \(days)",
        available: "\(first) to \(last)")
    }
    return frame.slice(rows)
  }

  private func file(of symbol: Symbol) -> String { path + "/" + (files[symbol] ?? symbol.text) }

  /// `NVDA.csv` and `NVDA_5min.csv` hold bars of NVDA.
  private static func symbol(ofFile name: String) -> Symbol? {
    BarFile.Format(ofFile: name) == nil ? nil : ListedSymbol.symbol(ofFile: name)
  }

  /// What the `source.yaml` beside a file says; nothing where there is none.
  static func declaration(beside file: String) throws(DataError) -> BarDeclaration {
    let path = (FilePath.folder(file)) + "/" + BarDeclaration.fileName
    return FileManager.default.fileExists(atPath: path) ? try declaration(path) : BarDeclaration()
  }

  private static func declaration(_ file: String) throws(DataError) -> BarDeclaration {
    do {
      return try BarDeclaration(yaml: SmallFile.read(file, bytesMax: 1 << 16), file: file)
    } catch let error as DataError {
      throw error
    } catch {
      throw .unreadable(path: file, reason: "\(error)")
    }
  }
}
