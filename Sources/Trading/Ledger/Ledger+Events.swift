import Market
import Numerics
import Runtime

// What fills and the venue's bookings are in the books.
extension Ledger {
  /// The entry of a fill: shares against cash and fees, and for what it closes the gain over its cost.
  public func posting(of fill: Fill) throws(LedgerError) -> Posting {
    do throws(FixedPointError) {
      let id = fill.instrument
      let currency = table.currency(of: id)
      let worth = try table[id].value(of: fill.quantity, at: fill.price)
      let cost = try costChange(fill, worth: worth.cash)
      let fees = try fill.commission.adding(fill.taxes)
      return Posting(
        .execution(fill.execution.id), at: fill.time, change: .init(id, fill.quantity),
        residue: worth.residue, .init(.holdings(id), currency, cost),
        .init(.cash(currency), currency, try worth.cash.negated().subtracting(fees)),
        .init(.commission(currency), currency, fill.commission),
        .init(.realised(currency), currency, try worth.cash.subtracting(cost)),
        fill.taxes.isZero ? nil : .init(.taxes(currency), currency, fill.taxes))
    } catch {
      throw .amount(error)
    }
  }

  /// What a fill adds to the cost of what is held: what it closes takes its part of the cost with it.
  private func costChange(_ fill: Fill, worth: Cash) throws(FixedPointError) -> Cash {
    let held = position(fill.instrument)
    guard held.sign * fill.quantity.sign < 0 else { return worth }
    let cost = balance(.holdings(fill.instrument))
    let after = try held.adding(fill.quantity)
    if after.sign * held.sign >= 0 {
      return try cost.scaled(by: fill.quantity.steps, over: held.steps)
    }
    // Through zero: all of the old cost goes, and what is left over is held at this fill's price.
    let opened = try table[fill.instrument].value(of: after, at: fill.price).cash
    return try opened.subtracting(cost)
  }

  /// The entry of money or shares that came or went without an order.
  public func posting(of booking: VenueBooking) throws(LedgerError) -> Posting {
    let currency = booking.currency
    do throws(FixedPointError) {
      let against = try booking.cash.negated()
      let cash = Posting.Line(.cash(currency), currency, booking.cash)
      func entry(
        _ cause: PostingCause, _ account: LedgerAccount, change: Posting.Change? = nil
      ) -> Posting {
        Posting(
          cause, at: booking.time, change: change, cash, .init(account, currency, against))
      }
      let change = booking.instrument.map { Posting.Change($0, booking.quantity) }
      switch (booking.kind, booking.instrument) {
      case (.dividend, let id?): return entry(.dividend(id), .dividends(currency))
      case (.borrowing, let id?): return entry(.borrowing(id), .borrowing(currency))
      case (.split, let id?): return entry(.split(id), .realised(currency), change: change)
      case (.delisting, let id?):
        let cost = balance(.holdings(id))
        return Posting(
          .delisting(id), at: booking.time, change: change, cash,
          .init(.holdings(id), currency, try cost.negated()),
          .init(.realised(currency), currency, try cost.subtracting(booking.cash)))
      case (.interest, _): return entry(.interest, .borrowing(currency))
      default: return entry(.deposit, .capital(currency))
      }
    } catch {
      throw .amount(error)
    }
  }

  /// Proves the books against the fills they were made from, where nothing else moved shares.
  public func audit(_ fills: [Fill]) throws(LedgerError) {
    var held = [Quantity](repeating: .zero, count: table.count)
    var fees = [Cash](repeating: .zero, count: table.currencies.count)
    do throws(FixedPointError) {
      for fill in fills {
        let currency = table.currency(of: fill.instrument).place
        held[fill.instrument.place] = try held[fill.instrument.place].adding(fill.quantity)
        fees[currency] = try fees[currency].adding(fill.commission).adding(fill.taxes)
      }
      for index in fees.indices {
        let currency = CurrencyID(index)
        fees[index] = try fees[index].subtracting(balance(.commission(currency)))
          .subtracting(balance(.taxes(currency)))
      }
    } catch {
      throw .amount(error)
    }
    guard fees.allSatisfy(\.isZero),
      held.indices.allSatisfy({ held[$0] == position(InstrumentID($0)) })
    else { throw .notTheFills }
  }
}
