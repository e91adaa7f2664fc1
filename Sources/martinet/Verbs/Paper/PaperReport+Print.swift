import Market
import Numerics
import Runtime
import Trading

extension PaperReport {
  var json: JSON {
    [
      "strategy": JSON(strategy), "initial_cash": JSON(initialCash.description),
      "cash": JSON(cash.description), "open_orders": JSON(openOrders),
      "halted": .bool(isHalted), "feed_silent": .bool(isFeedSilent),
      "last_time": lastTime.map { JSON($0.description) } ?? .null,
      "positions": .object(
        zip(symbols, positions).map { JSON.Member($0.text, JSON($1.description)) }),
      "prices": JSON(
        ages.map { age in
          [
            "symbol": JSON(age.symbol.text),
            "last_bar": age.lastBar.map { JSON($0.description) } ?? .null,
            "stale": .bool(age.isStale),
          ] as JSON
        }),
      "days": JSON(
        days.map { day in
          [
            "date": JSON(day.date.description), "equity": JSON(day.equity.description),
            "equal_weight": JSON(day.equalWeight.description), "fills": JSON(day.fills),
            "denials": JSON(day.denials),
          ] as JSON
        }),
      "fills": JSON(fills.count), "trial_sessions": JSON(trialSessions),
      "anomalies": JSON(
        anomalies.map { anomaly in
          [
            "date": anomaly.date.map { JSON($0.description) } ?? .null,
            "finding": JSON(anomaly.finding),
          ] as JSON
        }),
      "criteria": JSON(
        criteria.map { criterion in
          [
            "name": JSON(criterion.name), "found": criterion.found.map { JSON($0) } ?? .null,
            "needed": JSON(criterion.needed), "met": .bool(criterion.isMet),
          ] as JSON
        }),
      "go": isGo.map { .bool($0) } ?? .null,
    ]
  }

  func json(of fill: Fill) -> JSON {
    [
      "time": JSON(fill.time.description), "symbol": JSON(symbols[fill.instrument.place].text),
      "order": JSON(fill.order.number), "quantity": JSON(fill.quantity.description),
      "price": JSON(fill.price.description), "commission": JSON(fill.commission.description),
      "reason": JSON(fill.reason.words),
    ]
  }

  func print(to console: Console, folder: String) {
    let traits = console.traits
    let worth = days.last.map { "\($0.equity), equal weight \($0.equalWeight)" } ?? "\(cash)"
    console.print(
      "\(strategy): \(days.count) sessions, \(fills.count) fills, \(openOrders) orders wait, worth "
        + worth)
    for age in ages where age.isStale {
      console.print(
        "\(Mark.bad.sign(for: traits)) \(age.symbol): its price is old (last bar "
          + "\(age.lastBar?.description ?? "never")); nothing is entered in it")
    }
    if isFeedSilent {
      console.print(
        "\(Mark.bad.sign(for: traits)) the feed is silent: nothing is entered until bars come again"
      )
    }
    if isHalted {
      console.print("\(Mark.bad.sign(for: traits)) halted   next: martinet risk show")
    }
    for anomaly in anomalies {
      console.print(
        "\(Mark.bad.sign(for: traits)) \(anomaly.date.map { "\($0): " } ?? "")\(anomaly.finding)")
    }
    for criterion in criteria {
      let mark = criterion.isMet ? Mark.good : .bad
      console.print(
        "\(mark.sign(for: traits)) \(criterion.name) \(criterion.foundText), needed "
          + criterion.needed)
    }
    switch isGo {
    case true?: console.print("go: it may trade money   next: martinet paper history")
    case false?: console.print("no-go: it may not trade money")
    case nil:
      console.print(
        "the trial is under way: \(days.count) of \(trialSessions) sessions   next: martinet paper "
          + "run --folder \(folder)")
    }
  }
}
