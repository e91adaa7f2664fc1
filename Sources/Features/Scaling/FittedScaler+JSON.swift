import Foundation
import Market
import MarketData
import Runtime

// How a scaler is kept beside the model that learned with it. Numbers are written with the digits
// that read back as the same bits.
extension FittedScaler {
  public var json: JSON {
    [
      "scaling": .string(scaling.rawValue),
      "fitted": [
        "from": .string(fitted.lowerBound.description),
        "to": .string(fitted.upperBound.description),
      ],
      "columns": JSON(
        zip(names, scales).map { name, scale -> JSON in
          var column: JSON = ["name": .string(name)]
          for member in scale.members { column.append(member.key, member.value) }
          return column
        }),
    ]
  }

  /// - Parameter source: what errors call the text.
  public init(_ json: JSON, source: String) throws(ScalingError) {
    guard let scaling = json["scaling"]?.string.flatMap(Scaling.init(rawValue:)),
      let first = Self.instant(json["fitted"]?["from"]),
      let last = Self.instant(json["fitted"]?["to"]), first <= last,
      let columns = json["columns"]?.elements
    else { throw .unreadable(source: source) }
    var names: [String] = []
    var scales: [Scale] = []
    for column in columns {
      guard let name = column["name"]?.string, let scale = Scale(column) else {
        throw .unreadable(source: source)
      }
      names.append(name)
      scales.append(scale)
    }
    self.init(scaling: scaling, names: names, scales: scales, fitted: first...last)
  }

  private static func instant(_ json: JSON?) -> Timestamp? {
    guard let text = json?.string else { return nil }
    do { return try Timestamp(parsing: text) } catch { return nil }
  }
}

extension FittedScaler.Scale {
  fileprivate var members: [JSON.Member] {
    switch self {
    case .linear(let centre, let width):
      [.init("centre", .number(centre)), .init("width", .number(width))]
    case .constant(let centre): [.init("constant", .number(centre))]
    case .places(let places, let isGaussian):
      [.init("places", JSON(places.map(JSON.number))), .init("gaussian", .bool(isGaussian))]
    case .empty: [.init("empty", true)]
    }
  }

  fileprivate init?(_ json: JSON) {
    if let centre = json["centre"]?.double, let width = json["width"]?.double {
      guard width > 0 else { return nil }
      self = .linear(centre: centre, width: width)
    } else if let centre = json["constant"]?.double {
      self = .constant(centre)
    } else if let places = json["places"]?.elements, case .bool(let isGaussian)? = json["gaussian"]
    {
      let numbers = places.compactMap(\.double)
      let isSorted = zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 }
      guard numbers.count == places.count, numbers.count > 1, isSorted else { return nil }
      self = .places(numbers, isGaussian: isGaussian)
    } else if json["empty"] == true {
      self = .empty
    } else {
      return nil
    }
  }
}
