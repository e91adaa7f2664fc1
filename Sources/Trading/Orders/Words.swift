// What happened to an order, in the words of reports and of docs/FILL_RULES.md.

extension FillReason {
  public var words: String {
    switch self {
    case .nextOpen: "next open"
    case .openingAuction: "opening auction"
    case .limitAtOpen: "limit at open"
    case .gapThroughStop: "gap through stop"
    case .throughLimit: "through limit"
    case .touchedLimit: "touched limit"
    case .stopReached: "stop reached"
    case .closingAuction: "closing auction"
    case .crossedSpread: "crossed spread"
    case .tradedThrough: "traded through"
    case .queueReached: "queue reached"
    case .venue: "as the venue says"
    case .decidingClose: "deciding close"
    }
  }
}

extension OrderEnd {
  public var words: String {
    switch self {
    case .cancelled: "cancelled"
    case .expired: "expired"
    case .notFilledAtOnce: "not filled at once"
    case .unaffordable: "unaffordable"
    case .nothingToBorrow: "nothing to borrow"
    case .otherOfGroup: "other of group"
    case .delisted: "delisted"
    case .unspecified: "over"
    }
  }
}

extension Rejection {
  public var words: String {
    switch self {
    case .unknownOrder: "unknown order"
    case .alreadyOver: "already over"
    case .duplicateNumber: "duplicate number"
    case .badQuantity: "bad quantity"
    case .offLot: "off lot"
    case .badPrice: "bad price"
    case .offTick: "off tick"
    case .buyingPower: "buying power"
    case .nothingToBorrow: "nothing to borrow"
    case .shortNotAllowed: "short not allowed"
    case .marketClosed: "market closed"
    case .halted: "halted"
    case .outsideBands: "outside bands"
    case .delisted: "delisted"
    case .badLink: "bad link"
    case .notSupported: "not supported"
    case .unspecified: "no reason given"
    }
  }
}
