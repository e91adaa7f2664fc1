import Runtime

extension Panel {
  /// Which places can be traded: the symbol is a member on the instant's day at `zone`, and has had a
  /// new bar since the line before. What is true of no place is no candidate, whatever became of the
  /// symbol later, so that a back-test neither buys what is not yet a member nor what no longer
  /// trades.
  public func tradable(in universe: Universe, zone: Zone) -> Column<Bool> {
    var day: CivilDate?
    var isMember = [Bool](repeating: false, count: symbols.count)
    return Column(count: count * symbols.count) { out in
      for line in 0..<count {
        let date = zone.date(at: Timestamp(nanoseconds: knownAt[line]))
        if date != day {
          isMember = symbols.map { universe.isMember($0, on: date) }
          day = date
        }
        for place in symbols.indices {
          let index = line * symbols.count + place
          let isNew = line == 0 || rows[index] != rows[index - symbols.count]
          out.initializeElement(at: index, to: isMember[place] && rows[index] >= 0 && isNew)
        }
      }
    }
  }
}
