import Synchronization

/// Named figures about the running program: counters, gauges and histograms, each with labels.
///
/// A metric is made once and kept; using it costs one uncontended lock or one atomic addition.
public final class Metrics: Sendable {
  /// Label names and values; equal labels are the same metric, whatever their order.
  public typealias Labels = [String: String]

  private struct Identity: Hashable {
    var name: String
    var labels: Labels
  }

  private struct Registry {
    var counters: [Identity: Counter] = [:]
    var gauges: [Identity: Gauge] = [:]
    var histograms: [Identity: Histogram] = [:]
  }

  private let registry = Mutex(Registry())

  public init() {}

  /// Something that only grows: `orders_sent_total`.
  public func counter(_ name: String, labels: Labels = [:]) -> Counter {
    precondition(Self.isName(name), "a metric's name has lower-case letters, digits and _")
    return registry.withLock { registry in
      let identity = Identity(name: name, labels: labels)
      if let known = registry.counters[identity] { return known }
      let fresh = Counter()
      registry.counters[identity] = fresh
      return fresh
    }
  }

  /// Something that goes up and down: `queue_length`.
  public func gauge(_ name: String, labels: Labels = [:]) -> Gauge {
    precondition(Self.isName(name), "a metric's name has lower-case letters, digits and _")
    return registry.withLock { registry in
      let identity = Identity(name: name, labels: labels)
      if let known = registry.gauges[identity] { return known }
      let fresh = Gauge()
      registry.gauges[identity] = fresh
      return fresh
    }
  }

  /// How often values fell under each bound: `order_latency_seconds`.
  ///
  /// The bounds of the first call stay.
  public func histogram(_ name: String, labels: Labels = [:], bounds: [Double]) -> Histogram {
    precondition(Self.isName(name), "a metric's name has lower-case letters, digits and _")
    return registry.withLock { registry in
      let identity = Identity(name: name, labels: labels)
      if let known = registry.histograms[identity] { return known }
      let fresh = Histogram(bounds: bounds)
      registry.histograms[identity] = fresh
      return fresh
    }
  }

  /// All figures now, sorted by name and labels.
  public var snapshot: [MetricSample] {
    let registry = registry.withLock { $0 }
    func samples<Metric>(
      _ metrics: [Identity: Metric], _ value: (Metric) -> MetricSample.Value
    ) -> [MetricSample] {
      metrics.map { identity, metric in
        let labels = identity.labels.sorted { $0.key < $1.key }
        return MetricSample(
          name: identity.name, labels: labels.map { .init(name: $0.key, value: $0.value) },
          value: value(metric))
      }
    }
    let all =
      samples(registry.counters) { .counter($0.value) }
      + samples(registry.gauges) { .gauge($0.value) }
      + samples(registry.histograms) { .histogram($0.counts) }
    return all.sorted { ($0.name, $0.labelText) < ($1.name, $1.labelText) }
  }

  private static func isName(_ name: String) -> Bool {
    name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
      && name.utf8.first.map { $0 >= 0x5F } ?? false
  }
}

/// One figure at one moment.
public struct MetricSample: Equatable, Sendable {
  public struct Label: Equatable, Sendable {
    public var name: String
    public var value: String
  }

  public enum Value: Equatable, Sendable {
    case counter(UInt64)
    case gauge(Double)
    case histogram(HistogramCounts)
  }

  public var name: String
  /// Sorted by name.
  public var labels: [Label]
  public var value: Value

  var labelText: String { labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }
}

/// A number that only grows; it wraps after 2⁶⁴.
public final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  public func add(_ amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }
  public var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A number that is set.
public final class Gauge: Sendable {
  private let bits = Atomic<UInt64>(0)

  public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// How often values fell under each bound; a bound belongs to the values under it.
public struct HistogramCounts: Equatable, Sendable {
  public var bounds: [Double]
  /// One more than there are bounds: the last counts what is above them all, NaN included.
  public var counts: [UInt64]
  public var sum = 0.0
  public var total: UInt64 { counts.reduce(0, +) }
}

public final class Histogram: Sendable {
  private let state: Mutex<HistogramCounts>

  init(bounds: [Double]) {
    precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds grow")
    state = Mutex(
      HistogramCounts(bounds: bounds, counts: [UInt64](repeating: 0, count: bounds.count + 1)))
  }

  public func record(_ value: Double) {
    state.withLock { state in
      let place = state.bounds.firstIndex { value <= $0 } ?? state.bounds.count
      state.counts[place] += 1
      state.sum += value
    }
  }

  public var counts: HistogramCounts { state.withLock { $0 } }
}
