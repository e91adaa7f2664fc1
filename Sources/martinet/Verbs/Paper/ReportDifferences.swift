import Market
import Numerics
import Runtime
import Trading

/// Why paper is not the back-test.
let reportDifferencesVerb = Verb(
  "differences", summary: "Why an account on paper made another profit than its back-test",
  discussion: """
    Runs the strategy over the bars there are now, then again with one more thing as it was on paper: \
    the bars that came, when orders reached the venue, what was filled, what was charged. What each step \
    changes is its own, to the cent, and what is left are other decisions on the same facts.
    """,
  flags: RunFlags.ofData + [PaperFlags.folder],
  examples: [
    .init(
      "martinet report differences --folder runs/paper --data Samples/daily",
      "In amounts of the account's currency, back-test minus paper.")
  ]
) { invocation in
  let folder = try PaperFolder(at: try invocation[PaperFlags.folder])
  var settings = try SettingsFiles.load(
    for: invocation, flags: RunFlags.assignments(invocation)
  ).value
  (settings.symbols, settings.interval) = (folder.symbols, folder.interval)
  let account = try folder.differences(from: try settings.bars().frames)
  let console = invocation.console
  if invocation.wantsJSON {
    console.print([
      "backtest": JSON(account.backtest.description), "paper": JSON(account.day.description),
      "difference": JSON(account.total.description),
      "causes": .object(
        DifferenceAccount.Cause.allCases.map {
          JSON.Member($0.rawValue, JSON(account.amount($0).description))
        }),
    ])
    return .done
  }
  var table = Table([.words("cause"), .numbers("back-test minus paper")])
  for cause in DifferenceAccount.Cause.allCases {
    table.add([.init(cause.rawValue), .init(account.amount(cause).description)])
  }
  table.add([.init("in all"), .init(account.total.description)])
  console.print(table.text(for: console.traits))
  console.print(
    "back-test \(account.backtest), paper \(account.day)   next: martinet paper history --folder "
      + folder.path)
  return .done
}
