import Market
import Numerics
import Runtime

/// What the books refuse.
public enum LedgerError: DiagnosedError, Equatable {
  case noCapital(Cash)
  /// In steps of cash: debits less credits of one currency.
  case unbalanced(PostingCause, steps: Int128)
  /// A line names a currency or an instrument that the run does not have.
  case unknownAccount(PostingCause)
  /// A line's account is kept in another currency.
  case wrongCurrency(PostingCause)
  case threeCurrencies(PostingCause)
  /// A cost would be left on nothing held, or have the wrong sign, or belongs to another position.
  case costWithoutPosition(PostingCause)
  /// What a sale takes out is not what the oldest lots had cost.
  case notTheLots(PostingCause)
  case tooLarge(String, PostingCause)
  /// There is no price for what is held.
  case noMark(InstrumentID)
  case noRate(CurrencyID)
  /// What the audit found to differ.
  case audit(String)
  case amount(FixedPointError)

  public var diagnosis: Diagnosis {
    switch self {
    case .noCapital(let cash):
      Diagnosis(
        place: "initial_cash", finding: "\(cash) is nothing to trade with",
        remedy: "give an amount above zero", exitCode: .wrongUsage)
    case .unbalanced(let cause, let steps):
      fault(cause, "debits and credits differ by \(Self.amount(steps))")
    case .unknownAccount(let cause):
      fault(cause, "a line names a currency or instrument that this run does not have")
    case .wrongCurrency(let cause): fault(cause, "a line is in another currency than its account")
    case .threeCurrencies(let cause): fault(cause, "one posting in more than two currencies")
    case .costWithoutPosition(let cause):
      fault(cause, "a cost that does not belong to what is held after it")
    case .notTheLots(let cause): fault(cause, "its cost is not that of the oldest lots")
    case .tooLarge(let what, let cause):
      Diagnosis(
        place: "ledger, \(cause.text)", finding: "\(what) is larger than can be kept",
        remedy: "check the price and the quantity: no account reaches 900 trillion",
        exitCode: .refused)
    case .noMark(let instrument):
      Diagnosis(
        place: "ledger, instrument \(instrument.index)", finding: "held, but without a price",
        remedy: "give a price of it before the account is valued", exitCode: .refused)
    case .noRate(let currency):
      Diagnosis(
        place: "ledger, currency \(currency.index)", finding: "no exchange rate",
        remedy: "give its rate to the account's own currency", exitCode: .refused)
    case .audit(let finding):
      Diagnosis(
        place: "ledger", finding: finding, remedy: "this is a fault of the program: report it",
        exitCode: .refused)
    case .amount(let error): error.diagnosis
    }
  }

  private static func amount(_ steps: Int128) -> String {
    Int64(exactly: steps).map { Cash(steps: $0).description } ?? "\(steps) steps"
  }

  private func fault(_ cause: PostingCause, _ finding: String) -> Diagnosis {
    Diagnosis(
      place: "ledger, \(cause.text)", finding: finding,
      remedy: "this is a fault of the program: report it", exitCode: .refused)
  }
}

extension PostingCause {
  /// `execution`, `dividend`.
  public var text: String {
    switch self {
    case .deposit: "deposit"
    case .execution: "execution"
    case .settlement: "settlement"
    case .dividend: "dividend"
    case .split: "split"
    case .borrowing: "borrowing"
    case .interest: "interest"
    case .conversion: "conversion"
    case .rounding: "rounding"
    case .delisting: "delisting"
    case .adoption: "adoption"
    }
  }
}
