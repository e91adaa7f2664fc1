import Features
import Market
import Numerics
import Runtime

extension PaperFolder {
  /// Why the account made another profit than a back-test of the same days on the bars there are now.
  ///
  /// - Parameter modelled: bars of every symbol of the account, as the back-test would take them
  public func differences(from modelled: [Frame]) throws(PaperError) -> DifferenceAccount {
    let bars = try seenBars()
    guard let last = bars.joined().map(\.knownAt).max() else { throw .notBegun(path) }
    do throws(BacktestError) {
      var (seen, known): ([Frame], [Frame]) = ([], [])
      for (place, symbol) in symbols.enumerated() {
        guard let frame = modelled.first(where: { $0.symbol == symbol }) else {
          throw .noBars(symbol, asked: settings.range, first: nil, last: nil)
        }
        let all = try Self.bars(of: frame).filter { $0.knownAt <= last }
        known.append(Self.frame(symbol, interval, all))
        // What came before the account began served as history.
        let before = all.filter { $0.start < startedAt }
        seen.append(Self.frame(symbol, interval, before + bars[place]))
      }
      return try DifferenceAccount(
        modelled: known, seen: seen, strategy: try recipe.strategy(), settings: settings,
        day: RecordedDay(try records()))
    } catch {
      throw .backtest(error)
    }
  }

  /// The bars that the account has seen, by symbol.
  private func seenBars() throws(PaperError) -> [[Bar]] {
    var bars = [[Bar]](repeating: [], count: symbols.count)
    do throws(JournalError) {
      _ = try JournalReader(FolderDisk(reading: market)).read { stored throws(JournalError) in
        let event = try stored.decodedEvent()
        guard case .bar(let bar, _, _) = event.content, event.isSound,
          bars.indices.contains(event.instrument.place)
        else { return }
        bars[event.instrument.place].append(bar)
      }
    } catch {
      throw .journal(error)
    }
    return bars
  }

  private func records() throws(BacktestError) -> [JournalRecord] {
    var records: [JournalRecord] = []
    do throws(JournalError) {
      _ = try JournalReader(FolderDisk(reading: journal)).read { stored throws(JournalError) in
        records.append(try stored.decoded())
      }
    } catch {
      throw .engine(.journal(error))
    }
    return records
  }

  private static func bars(of frame: Frame) throws(BacktestError) -> [Bar] {
    let columns: BarColumns
    do { columns = try BarColumns(frame) } catch { throw .features(error) }
    return (0..<frame.count).map { row in
      let values = columns[row]
      return Bar(
        start: Timestamp(nanoseconds: frame.start[row]),
        end: Timestamp(nanoseconds: frame.end[row]),
        knownAt: Timestamp(nanoseconds: frame.knownAt[row]), open: values.open,
        high: values.high, low: values.low, close: values.close, volume: values.volume)
    }
  }

  private static func frame(_ symbol: Symbol, _ interval: BarInterval, _ bars: [Bar]) -> Frame {
    Frame(
      symbol: symbol, interval: interval, start: Column(bars.map(\.start.nanoseconds)),
      end: Column(bars.map(\.end.nanoseconds)), knownAt: Column(bars.map(\.knownAt.nanoseconds)),
      columns: [
        "open": Column(bars.map(\.open)), "high": Column(bars.map(\.high)),
        "low": Column(bars.map(\.low)), "close": Column(bars.map(\.close)),
        "volume": Column(bars.map(\.volume)),
      ])
  }
}
