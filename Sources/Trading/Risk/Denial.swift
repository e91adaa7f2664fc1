/// Why an order did not leave, or left smaller.
public struct Denial: Hashable, Sendable, BitwiseCopyable {
  public var code: DenialCode
  /// What was found, and what is allowed, in the code's unit.
  public var found, allowed: Double

  public init(_ code: DenialCode, found: Double = 0, allowed: Double = 0) {
    self.code = code
    self.found = found
    self.allowed = allowed
  }
}

/// Each reason for which the gate denies, by a number that journals keep: never renumber.
public enum DenialCode: UInt16, CaseIterable, Sendable, BitwiseCopyable {
  // What no venue could take.
  case unknownInstrument = 1
  case quantityNotPositive = 2
  case offLot = 3
  case priceNotPositive = 4
  case offTick = 5
  case noPrice = 6
  case halted = 7
  case unknownOrder = 8
  case orderIsOver = 9
  case overflow = 10

  // What an order would make of the book.
  case cash = 11
  case leverage = 12
  case shortSelling = 13
  case position = 14
  case positionAmount = 15
  case sector = 16
  case turnover = 17
  case minimumPosition = 18
  case correlation = 19
  case valueAtRisk = 20
  case riskUnknown = 21

  // The order itself.
  case offMarket = 22
  case orderQuantity = 23
  case orderAmount = 24
  case tooManyMessages = 25
  case duplicate = 26
  case stalePrice = 27
  case noEntry = 28
  case largerThanEntry = 29

  // What the account has lost.
  case dailyLoss = 30
  case dailyLossAmount = 31
  case weeklyLoss = 32
  case weeklyLossAmount = 33
  case drawdown = 34
  case drawdownAmount = 35
  case singleName = 36
  case singleNameAmount = 37
  case capital = 38

  // The signal behind it.
  case lowConfidence = 40
  case wideInterval = 41

  // What stands behind it.
  case provenanceMissing = 101
  case provenanceUnknown = 102
  case strategyMissing = 103
  case strategyMismatch = 104
  case modelMissing = 105
  case modelNameless = 106
  case modelRetired = 107
  case artefactMissing = 108
  case artefactChanged = 109
  case trainingEndMissing = 110
  case trainedInFuture = 111
  case modelExpired = 112
  case featuresMissing = 113
  case featuresMismatch = 114
  case scalerMismatch = 115
  case intervalMismatch = 116
  case symbolNotTrained = 117
  case certificateMissing = 118
  case certificateChanged = 119
  case certificateRevoked = 120
  case certificateOfOtherModel = 121
  case certificateOfOtherArtefact = 122
  case certificateOfOtherFeatures = 123
  case certificateOfOtherTraining = 124
  case certificateOfOtherCode = 125
  case certificateOfLeak = 126
  case certificateNotYetValid = 127
  case certificateExpired = 128
  case certificateTooOld = 129
}
