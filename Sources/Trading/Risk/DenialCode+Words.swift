// What each denial says, and what a person can do about it.
extension DenialCode {
  public var finding: String { words.finding }
  public var remedy: String { words.remedy }

  private var words: (finding: String, remedy: String) {
    wordsOfOrder ?? wordsOfBook ?? wordsOfLoss ?? wordsOfModel ?? wordsOfCertificate
  }

  private var wordsOfOrder: (String, String)? {
    switch self {
    case .unknownInstrument: ("no instrument of this run", "order what the run trades")
    case .quantityNotPositive: ("the quantity is not above zero", "ask for at least one lot")
    case .offLot: ("the quantity is not in whole lots", "round it to the lot size")
    case .priceNotPositive: ("a price is not above zero", "correct the price or the trail")
    case .offTick: ("a price is not on the tick grid", "round it to the tick size")
    case .noPrice: ("no price is known yet", "wait for the first bar or trade")
    case .halted:
      ("trading is halted", "find out why, then: martinet risk resume --by NAME --reason TEXT")
    case .unknownOrder: ("there is no such order", "replace an order that was made")
    case .orderIsOver: ("the order is over already", "make a new order")
    case .overflow: ("an amount is beyond all reason", "check prices, quantities and currencies")
    case .offMarket:
      ("the limit is too far beyond the last price", "check the price, or widen order.collar")
    case .orderQuantity: ("the order is too large", "send smaller orders")
    case .orderAmount: ("the order is worth too much", "send smaller orders")
    case .tooManyMessages: ("too many messages in a second", "wait, and look for a loop")
    case .duplicate: ("the same order left just before", "wait until its answer is here")
    case .stalePrice: ("the last price is too old", "check the feed; cancels still leave")
    case .noEntry: ("the entry of its bracket is over without a fill", "make a new bracket")
    case .largerThanEntry: ("an exit is larger than its entry", "make it as large as the entry")
    default: nil
    }
  }

  private var wordsOfBook: (String, String)? {
    switch self {
    case .cash: ("too little cash would be left", "buy less, or lower cash.reserve")
    case .leverage:
      ("positions would come to too much", "hold less, or raise leverage.max_gross")
    case .shortSelling:
      ("more would be sold than is held", "sell what is held, or allow leverage.short_selling")
    case .position: ("the position would be too large", "buy less, or raise position.max_part")
    case .positionAmount:
      ("the position would be worth too much", "buy less, or raise position.max_amount")
    case .sector:
      ("its sector would be too large", "choose other sectors, or raise sector.max_part")
    case .turnover: ("too much would be traded today", "spread it over several days")
    case .minimumPosition: ("the position would be too small", "buy more of it, or nothing")
    case .correlation:
      ("it moves too much like what is held", "choose what moves otherwise, or sell that first")
    case .valueAtRisk: ("a bad day would cost too much", "hold less, or what moves less")
    case .riskUnknown:
      ("too few days are known to judge its risk", "give history, or wait for 20 days of prices")
    case .lowConfidence: ("the signal is not sure enough", "wait for a surer signal")
    case .wideInterval: ("the signal's interval is too wide", "wait for a surer signal")
    default: nil
    }
  }

  private var wordsOfLoss: (String, String)? {
    let resume = "look into it, then: martinet risk resume --by NAME --reason TEXT"
    return switch self {
    case .dailyLoss, .dailyLossAmount: ("too much was lost today", resume)
    case .weeklyLoss, .weeklyLossAmount: ("too much was lost this week", resume)
    case .drawdown, .drawdownAmount: ("the account is too far below its best", resume)
    case .singleName, .singleNameAmount: ("the position has lost too much of its cost", resume)
    case .capital: ("too little is left of what the account began with", resume)
    default: nil
    }
  }

  private var wordsOfModel: (String, String)? {
    let again = "train it again, or load the right one"
    return switch self {
    case .provenanceMissing: ("nothing stands behind the order", "name its strategy and model")
    case .provenanceUnknown: ("what stands behind it is not in this run", "register it first")
    case .strategyMissing: ("no strategy is named", "name the strategy")
    case .strategyMismatch: ("it names another strategy than runs", "run that strategy")
    case .modelMissing: ("a signal with confidence, but no model", "name the model")
    case .modelNameless: ("its model has no id", "give the model its id")
    case .modelRetired: ("its model is retired", "use a model in service")
    case .artefactMissing: ("the file of its model is not known or not there", again)
    case .artefactChanged: ("the file of its model was changed", again)
    case .trainingEndMissing: ("the end of its model's training is not known", again)
    case .trainedInFuture: ("its model has learned from what comes later", again)
    case .modelExpired: ("its model was trained too long ago", "train it again")
    case .featuresMissing: ("the features of its model are not known", again)
    case .featuresMismatch: ("its model knows other features than are computed", again)
    case .scalerMismatch: ("its model knows another scale of its features", again)
    case .intervalMismatch: ("its model was trained on bars of another length", again)
    case .symbolNotTrained: ("its model was not trained for this symbol", again)
    default: nil
    }
  }

  private var wordsOfCertificate: (String, String) {
    let again = "prove it again: martinet prove features"
    return switch self {
    case .certificateMissing: ("its model has no certificate", again)
    case .certificateChanged: ("its certificate was changed", again)
    case .certificateRevoked: ("its certificate was revoked", "use another model")
    case .certificateOfOtherModel: ("its certificate is of another model", again)
    case .certificateOfOtherArtefact: ("its certificate is of another file", again)
    case .certificateOfOtherFeatures: ("its certificate is of other features", again)
    case .certificateOfOtherTraining: ("its certificate is of another training", again)
    case .certificateOfOtherCode: ("its certificate was made by another program", again)
    case .certificateOfLeak:
      ("its certificate says that something looks ahead", "correct it, then prove it again")
    case .certificateNotYetValid: ("its certificate is of a later day", "check the clock")
    case .certificateExpired: ("its certificate has expired", again)
    default: ("its certificate is too old", again)
    }
  }
}
