import Foundation
import Runtime

/// What was measured of one row: the JSON line of the contract.
struct Measurement: Codable, Sendable {
  var bench: String
  var name: String
  var ours: Double
  var peer: Double?
  var peerName: String?
  var unit: String
  var better: String
  /// How many times better ours is: the median of the pairs, and the least.
  var ratio: Double?
  var ratioLeast: Double?
  var pairs: Int
  var threads: Int
  var agree: Bool?
  var greatestError: Double?
  var limit: Double
  var limitShare: Double
  var limitBy: String
  var cpu: String
  var kernels: String
  var size: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case bench
    case name = "case"
    case ours, peer
    case peerName = "peer_name"
    case unit, better, ratio
    case ratioLeast = "ratio_min"
    case pairs = "n"
    case threads, agree
    case greatestError = "max_err"
    case limit
    case limitShare = "limit_share"
    case limitBy = "limit_by"
    case cpu, kernels, size
  }

  var path: String { "\(bench)/\(name)" }

  var json: JSON {
    [
      "bench": .string(bench), "case": .string(name), "ours": Self.rounded(ours),
      "peer": Self.rounded(peer), "peer_name": JSON(peerName), "unit": .string(unit),
      "better": .string(better), "ratio": Self.rounded(ratio),
      "ratio_min": Self.rounded(ratioLeast), "n": JSON(pairs), "threads": JSON(threads),
      "agree": agree.map { .bool($0) } ?? .null, "max_err": Self.rounded(greatestError),
      "limit": Self.rounded(limit), "limit_share": Self.rounded(limitShare),
      "limit_by": .string(limitBy), "cpu": .string(cpu), "kernels": .string(kernels),
      "size": .string(size),
    ]
  }

  /// Four digits: more would pretend.
  private static func rounded(_ value: Double?) -> JSON {
    guard let value else { return .null }
    return .number(Double(String(format: "%.4g", value)) ?? value)
  }
}

/// Whether a row reached what it must.
enum Verdict: String, Sendable {
  case met
  case metByLimit = "met, at the limit"
  case notMet = "not met"
  /// The outputs differ: the times mean nothing.
  case void
  case notCompared = "not compared"

  init(_ measurement: Measurement, target: Target) {
    if measurement.agree == false {
      self = .void
      return
    }
    switch target {
    case .atMost(let figure):
      self = measurement.ours <= figure ? .met : .notMet
    case .ratio(let wanted):
      guard let ratio = measurement.ratio else {
        self = .notCompared
        return
      }
      if ratio >= wanted {
        self = .met
      } else {
        self = measurement.limitShare >= 0.8 && ratio >= 0.8 ? .metByLimit : .notMet
      }
    }
  }

  var paint: Paint? {
    switch self {
    case .met, .metByLimit: .gain
    case .notMet, .void: .loss
    case .notCompared: .quiet
    }
  }
}
