import Market
import Numerics
import Runtime

/// What a strategy or model thinks of an instrument, and how sure it is.
public struct Signal: Hashable, Sendable {
  /// Where the price is expected to be: the middle, and the range it lies in with the stated coverage.
  public struct Interval: Hashable, Sendable {
    public var low, middle, high: Double

    public init(low: Double, middle: Double, high: Double) {
      self.low = low
      self.middle = middle
      self.high = high
    }

    /// Over its middle; missing where that is no price.
    public var width: Double { middle > 0 && low <= high ? (high - low) / middle : .nan }
  }

  public var instrument: InstrumentID
  /// From −1, as much as may be sold short, to 1, as much as may be bought; 0 is out of it.
  public var target: Double
  /// 0 to 1, where it has one.
  public var confidence: Double?
  public var interval: Interval?
  /// The length of the bars it was made from.
  public var timeframe: BarInterval
  /// When it became known.
  public var time: Timestamp
  public var provenance: ProvenanceID?

  public init(
    _ instrument: InstrumentID, target: Double, timeframe: BarInterval, at time: Timestamp,
    confidence: Double? = nil, interval: Interval? = nil, provenance: ProvenanceID? = nil
  ) {
    self.instrument = instrument
    self.target = target
    self.timeframe = timeframe
    self.time = time
    self.confidence = confidence
    self.interval = interval
    self.provenance = provenance
  }

  /// An order that carries what the signal says of itself to the gate.
  public func intent(
    _ side: Side, _ quantity: Quantity, type: OrderType = .market,
    timeInForce: TimeInForce = .day
  ) -> OrderIntent {
    OrderIntent(
      side, quantity, of: instrument, type: type, timeInForce: timeInForce,
      provenance: provenance, confidence: confidence, intervalWidth: interval?.width)
  }
}
