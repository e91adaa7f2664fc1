extension FindingCode {
  /// The catalogue: the one place that says what each code means.
  public var entry: Entry {
    switch self {
    case .emptySeries, .missingColumn, .noVolume: ofSchema
    case .missingPrice, .infinitePrice, .zeroPrice, .negativePrice, .highBelowLow, .outsideRange,
      .outsideRangeByRounding, .missingVolume, .negativeVolume:
      ofFigures
    case .badTimes, .duplicateBar, .outOfOrder: ofOrder
    case .noCalendar, .missingBars, .barOnClosedDay, .extendedHoursMixed, .extendedHoursSeries,
      .pastEarlyClose, .closingAuction, .brokenOffDay, .stale:
      ofCalendar
    case .explainedSplit, .unexplainedSplit, .splitNotApplied, .splitNotInPrices: ofSplits
    case .priceSpike, .largeMove, .unconfirmedMove, .outlyingMoves: ofMoves
    case .zeroVolume, .volumeJump: ofVolume
    default: ofSources
    }
  }

  private var ofSchema: Entry {
    switch self {
    case .emptySeries:
      Entry(
        "no bars", .error, "The series has no bar at all.",
        do: "fetch or import it again; see what there is: martinet data list")
    case .missingColumn:
      Entry(
        "a column is missing", .error, "Open, high, low or close is not there.",
        do: "name the column with --columns when importing")
    default:
      Entry(
        "no volume", .note,
        "There is no column of volume, as with an index; checks that need it are left out.",
        do: "nothing, where the source has none")
    }
  }

  private var ofFigures: Entry {
    switch self {
    case .missingPrice:
      Entry(
        "a price is missing", .error, "Open, high, low or close is NaN.",
        do: "fetch those bars again, or clean with --fill or --drop")
    case .infinitePrice:
      Entry(
        "a price is infinite", .error, "Open, high, low or close is beyond every number.",
        do: "fetch those bars again, or clean with --drop")
    case .zeroPrice:
      Entry(
        "a price is zero", .error, "Open, high, low or close is exactly zero.",
        do: "fetch those bars again, or clean with --fill or --drop")
    case .negativePrice:
      Entry(
        "a price is negative", .error, "Open, high, low or close is below zero.",
        do: "fetch those bars again, or clean with --drop")
    case .highBelowLow:
      Entry(
        "high below low", .error, "A bar's high is below its low.",
        do: "check whether columns are swapped (--columns), or clean with --drop")
    case .outsideRange:
      Entry(
        "open or close outside high and low", .error,
        "Open or close lies above the high or below the low by more than the source rounds. Up to a "
          + "small share of the series it is a warning.",
        do: "do not trade on the opens and closes of those bars; clean with --drop")
    case .outsideRangeByRounding:
      Entry(
        "outside high and low by rounding", .note,
        "Open or close lies outside high and low by no more than one unit of the last decimal.",
        do: "nothing")
    case .missingVolume:
      Entry(
        "a volume is missing", .warning, "Volume is NaN or infinite.",
        do: "fetch those bars again; do not compute with their volume")
    default:
      Entry(
        "a volume is negative", .error, "Volume is below zero.",
        do: "fetch those bars again, or clean with --drop")
    }
  }

  private var ofOrder: Entry {
    switch self {
    case .badTimes:
      Entry(
        "times contradict each other", .error,
        "A bar ends before it starts, is known before it ends, or starts before the last one ended.",
        do: "check the declared stamp and interval, and import again")
    case .duplicateBar:
      Entry(
        "a bar twice", .error, "Two rows have the same start; a store keeps the last one.",
        do: "see which of them is right, and delete the other at its source")
    default:
      Entry(
        "rows out of order", .error, "A row starts before the row above it.",
        do: "sort the file by time; check its zone at changes of clocks")
    }
  }

  private var ofCalendar: Entry {
    switch self {
    case .noCalendar:
      Entry(
        "no calendar for these days", .note,
        "The sessions of these days are not known, so nothing is said of missing bars.",
        do: "compare with another source: --against SOURCE")
    case .missingBars:
      Entry(
        "bars are missing", .warning,
        "The exchange was open and the series has no bar. Holes are listed and never filled. Beyond a "
          + "share of the bars expected it is an error.",
        do: "fetch those days again; or clean with --fill, which is limited and noted")
    case .barOnClosedDay:
      Entry(
        "a bar on a closed day", .error,
        "The exchange had no session on that day.",
        do: "check the declared zone; drop the rows with martinet data clean --drop")
    case .extendedHoursMixed:
      Entry(
        "hours before the open or after the close, on some days", .error,
        "On some days only the series has bars outside the regular session: averages and volumes "
          + "of different days do not compare.",
        do: "keep the regular session only: martinet data clean --regular-hours")
    case .extendedHoursSeries:
      Entry(
        "hours before the open or after the close, on every day", .note,
        "The series covers trading outside the regular session throughout.",
        do: "choose the session when you use it")
    case .pastEarlyClose:
      Entry(
        "bars after an early close", .warning,
        "On a half day the series has bars that start at the early close or later.",
        do: "keep the regular session only: martinet data clean --regular-hours")
    case .closingAuction:
      Entry(
        "the closing auction as a bar of its own", .note,
        "On most days one more bar starts at the close: the closing auction.",
        do: "leave it out where bars are counted, or add it to the last bar")
    case .brokenOffDay:
      Entry(
        "the last day breaks off", .warning,
        "The last session ends before its close: it was fetched while it was under way.",
        do: "update it: martinet data update; or leave that day out")
    default:
      Entry(
        "stale", .error,
        "The last bar is older than it may be, counted within the session. Asked for live only.",
        do: "update: martinet data update; do not trade on it")
    }
  }

  private var ofSplits: Entry {
    switch self {
    case .explainedSplit:
      Entry(
        "a split that is known", .note,
        "The price jumps by a split's ratio on the day of that split: prices are as traded.",
        do: "adjust before comparing over that day: martinet data clean --adjust splits")
    case .unexplainedSplit:
      Entry(
        "a jump like a split that nothing explains", .error,
        "The open stands at a split's ratio to the close before, the new level holds and no more "
          + "money changes hands than usual, but no split is known for that day.",
        do: "look the split up, and hand in its factor file with --factors")
    case .splitNotApplied:
      Entry(
        "a split that was not applied", .error,
        "Prices are declared as adjusted, and still jump by a known split's ratio on its day.",
        do: "declare the adjustment as it is, or fetch the series again in one piece")
    default:
      Entry(
        "a split that prices do not show", .warning,
        "A split is known, prices are declared as traded, and they do not jump on its day.",
        do: "declare the prices as adjusted, or check the day of the split")
    }
  }

  private var ofMoves: Entry {
    switch self {
    case .priceSpike:
      Entry(
        "a price that nobody else saw", .error,
        "One price stands far from those before and after it, which agree with each other, and volume "
          + "and peers show no event.",
        do: "compare with another source; clean with --winsorise or --drop")
    case .largeMove:
      Entry(
        "a large move", .note,
        "The price moved far within a day and stayed: a crash or a jump that happened.",
        do: "leave it")
    case .unconfirmedMove:
      Entry(
        "a large move that nothing confirms", .warning,
        "The price moved by more than half and stayed, but neither volume nor peers show an event, "
          + "and it is no split's ratio. Live it is an error.",
        do: "compare with another source: --against SOURCE")
    default:
      Entry(
        "moves beyond the usual", .note,
        "Moves beyond three robust deviations of the moves before them (median and MAD) that are "
          + "neither spikes nor splits: markets have fat tails.",
        do: "leave them")
    }
  }

  private var ofVolume: Entry {
    switch self {
    case .zeroVolume:
      Entry(
        "no volume", .warning,
        "Volume is zero; the evidence says in how many of them the price moved.",
        do: "do not compute with the volume of those bars")
    default:
      Entry(
        "a jump of the volume", .warning,
        "Many times the usual volume changed hands while the price did not move beyond the usual.",
        do: "compare with another source; a wrong unit is a factor of 100 or 1,000")
    }
  }

  private var ofSources: Entry {
    switch self {
    case .dividendsBesideAdjusted:
      Entry(
        "adjusted prices with dividends beside them", .warning,
        "Prices contain the dividends already; the series also lists them.",
        do: "dividends must not be applied again")
    case .sourcesDifferBySplit:
      Entry(
        "two sources differ by a split", .warning,
        "The prices of two sources stand at a constant ratio, which is a split's: one of them was "
          + "adjusted for a split that the other does not know yet.",
        do: "use one of them, or adjust the older one; never join the two as they are")
    case .sourcesDifferByFactor:
      Entry(
        "two sources differ by a constant factor", .note,
        "The prices of two sources stand at a constant ratio, as after dividends that only one of "
          + "them knows.",
        do: "compare returns, not levels; never join the two as they are")
    case .sourcesDisagree:
      Entry(
        "two sources disagree", .warning,
        "After their constant factor, prices of single bars still differ.",
        do: "ask a third source about those bars")
    default:
      Entry(
        "two sources do not cover the same bars", .note,
        "Within the time both cover, one of them lacks bars that the other has.",
        do: "fetch those bars again")
    }
  }
}
