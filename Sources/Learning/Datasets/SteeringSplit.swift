import Features

/// The validation part cut in two: one to steer by, and a later one that the model never sees, on which
/// its probabilities are calibrated.
package struct SteeringSplit: Sendable {
  package let steering: Windows
  /// Places among the samples of the whole part.
  package let calibrationPlaces: [Int]
  package let calibration: Windows

  /// Samples that a calibration needs to be worth anything.
  package static let least = 50

  /// - Parameter share: of the part's time, to steer by
  package init(_ validation: Windows, share: Double = 0.6) {
    let times = validation.datetimes
    let instants = Array(Set(times)).sorted()
    let cut = instants.isEmpty ? 0 : Int(share * Double(instants.count))
    guard cut > 0, cut < instants.count else {
      self.init(validation, steering: Array(0..<validation.count), calibration: [])
      return
    }
    let first = instants[cut]
    let later = times.indices.filter { times[$0] >= first }
    // A label that is settled by bars of the calibration's time would tell of it.
    let settled = Self.settledBefore(first, validation)
    let steering = times.indices.filter { settled[$0] }
    guard later.count >= Self.least, steering.count >= Self.least else {
      self.init(validation, steering: Array(0..<validation.count), calibration: [])
      return
    }
    self.init(validation, steering: steering, calibration: later)
  }

  private init(_ all: Windows, steering: [Int], calibration: [Int]) {
    self.steering = all.subset(steering)
    self.calibration = all.subset(calibration)
    calibrationPlaces = calibration
  }

  /// Whether the bar that settles the label of each sample comes before an instant.
  private static func settledBefore(_ instant: Int64, _ windows: Windows) -> [Bool] {
    let (times, codes) = (windows.datetimes, windows.codes)
    var places: [Int32: [Int]] = [:]
    for place in times.indices { places[codes[place], default: []].append(place) }
    var settled = [Bool](repeating: false, count: times.count)
    for own in places.values {
      for (index, place) in own.enumerated() {
        let last = index + windows.horizon
        settled[place] = last < own.count && times[own[last]] < instant
      }
    }
    return settled
  }
}
