import Evidence
import Market
import Numerics
import Runtime

extension BacktestResult {
  /// The run as figures see it, beside a benchmark over the same bars.
  func history(beside benchmark: Benchmark) -> RunHistory {
    var history = RunHistory(
      annualisation: Annualisation(interval: interval, calendar: calendar), zone: calendar.zone,
      stamps: equity.map(\.time), values: values)
    history.benchmark = benchmark.returns
    history.exposure = equity.map(\.exposure)
    history.traded = traded
    history.fees = Double(fees)
    history.trades = trades.map { trip in
      TradeRecord(
        symbol: trip.symbol, isShort: trip.quantity.isNegative, entry: trip.entry,
        exit: trip.exit, stake: abs(trip.entryPrice * Double(trip.quantity)),
        profit: Double(trip.profit), fees: Double(trip.fees), isOpen: trip.isOpen,
        adverse: trip.adverse, favourable: trip.favourable)
    }
    history.orders = orders
    history.participation = participation
    return history
  }

  /// The capital put in, then the account at each bar's end.
  var values: [Double] { [Double(settings.initialCash)] + equity.map { Double($0.equity) } }

  /// The value of what was bought and sold in each bar.
  var traded: [Double] {
    var traded = [Double](repeating: 0, count: bars)
    var bar = 0
    for fill in fills.sorted(by: { $0.time < $1.time }) {
      // A fill belongs to the bar that ends at it or after it.
      while bar < bars - 1, equity[bar].time < fill.time { bar += 1 }
      traded[bar] += abs(Double(fill.price) * Double(fill.quantity))
    }
    return traded
  }
}
