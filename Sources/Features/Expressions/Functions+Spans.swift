import Market
import Runtime

extension WrittenFunction {
  /// What is made of whole coarser bars, and of other symbols' bars.
  static let spanning: [WrittenFunction] = [
    WrittenFunction(
      ["timeframe"], takes: "a series and the length of a longer bar", 2...3,
      "timeframe(ema(close, 20), '1d')"
    ) { (given) throws(ExpressionError) in
      let series = try given.series(0)
      guard let text = given.values[1].text else {
        throw given.wrong(1, "the length of a bar in quotation marks, such as '1h'")
      }
      let interval: BarInterval
      do throws(IntervalError) { interval = try BarInterval(parsing: text) } catch {
        throw ExpressionError(
          .arguments, at: given.place(1), "\(Excerpt.quoted(text)) is not the length of a bar",
          error.diagnosis.remedy)
      }
      try given.refuseDerived(in: series)
      var isFinished = true
      if given.count == 3 {
        guard given.values[2].text == "unfinished" else {
          throw given.wrong(2, "the word 'unfinished'")
        }
        isFinished = false
      }
      return given.reader.derive(
        DerivedColumn(.coarse(interval, isFinished: isFinished), of: series))
    }
  ]
}

extension Arguments {
  /// The rank among the symbols whose bars became known at the same instant: 0 the least, 1 the
  /// greatest.
  mutating func amongSymbols(_ series: Expression) throws(ExpressionError) -> Value {
    try refuseDerived(in: series)
    return reader.derive(DerivedColumn(.amongSymbols, of: series))
  }

  /// A look ahead under a join of symbols or bars would be hidden from the proof.
  func refuseDerived(in series: Expression) throws(ExpressionError) {
    let names = series.columns
    guard let inner = reader.derived.first(where: { names.contains($0.name) }) else { return }
    if inner.looksAhead { throw inner.lookAhead(at: place(0)) }
    throw ExpressionError(
      .arguments, at: place(0),
      "\(function.names[0]) is given \(inner.name), which is made of many bars itself",
      "give it columns and formulas of one bar length and one symbol")
  }
}
