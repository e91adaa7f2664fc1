import Runtime
import Testing

@Suite("Metrics") struct MetricsTests {
  @Test("no addition is lost between tasks") func counts() async {
    let metrics = Metrics()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let counter = metrics.counter("orders_total", labels: ["side": "buy"])
          for _ in 0..<10_000 { counter.add() }
        }
      }
    }
    #expect(metrics.counter("orders_total", labels: ["side": "buy"]).value == 80_000)
  }

  @Test("a snapshot is sorted and keeps labels apart") func snapshot() {
    let metrics = Metrics()
    metrics.gauge("queue_length").set(-2.5)
    metrics.counter("orders_total", labels: ["side": "sell"]).add(2)
    metrics.counter("orders_total", labels: ["side": "buy", "a": "b"]).add(1)
    let samples = metrics.snapshot
    #expect(samples.map(\.name) == ["orders_total", "orders_total", "queue_length"])
    #expect(samples.map(\.value) == [.counter(1), .counter(2), .gauge(-2.5)])
    #expect(samples[0].labels.map(\.name) == ["a", "side"])
  }

  @Test("a histogram counts a value under the first bound that holds it") func histogram() {
    let metrics = Metrics()
    let latency = metrics.histogram("latency_seconds", bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 5] { latency.record(value) }
    #expect(latency.counts.counts == [2, 1, 1])
    #expect(latency.counts.total == 4)
    #expect(latency.counts.sum == 5.65)
  }
}
