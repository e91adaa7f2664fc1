import Foundation
import Runtime

/// One figure of a published table beside ours.
package struct PublishedCell: Sendable, Equatable {
  /// The experiment's key: `repeat`.
  package let experiment: String
  /// What was measured: `ETTh1 H=96 MSE`.
  package let name: String
  package let ours: Double
  /// What stands in the table; nil for a figure that only goes beside others.
  package let published: Double?
  /// By how much they may differ.
  package let tolerance: Double

  package init(
    _ experiment: String, _ name: String, _ ours: Double, published: Double? = nil,
    tolerance: Double = 0
  ) {
    self.experiment = experiment
    self.name = name
    self.ours = ours
    self.published = published
    self.tolerance = tolerance
  }

  /// Nil where there is nothing to compare with.
  package var isReproduced: Bool? { published.map { (ours - $0).magnitude <= tolerance } }

  package var json: JSON {
    [
      "experiment": JSON(experiment), "name": JSON(name), "ours": .number(ours),
      "published": JSON(published), "tolerance": .number(tolerance),
      "reproduced": isReproduced.map { .bool($0) } ?? .null,
    ]
  }
}

/// A published table that can be made again from data that lies here.
package struct PublishedTable: Sendable {
  package let key: String
  package let title: String
  /// What the table shows once it is made: a finding, not a promise.
  package let lesson: String
  /// Files that are read, below the folder of shared data.
  package let files: [String]
  package let make: @Sendable (_ folder: String) throws -> [PublishedCell]

  /// Those that take seconds.
  package static let all: [PublishedTable] = [
    .lastValue, .ridge, .seasonalNaive, .samba, .mambaStock,
  ]

  /// Files that are not there.
  package func missing(in folder: String) -> [String] {
    files.filter { !FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
  }

  package static func named(_ key: String) throws(UnknownPaper) -> PublishedTable {
    guard let table = all.first(where: { $0.key == key }) else {
      throw UnknownPaper(key: key, known: all.map(\.key))
    }
    return table
  }
}

package struct UnknownPaper: DiagnosedError, Equatable {
  package let key: String
  let known: [String]

  package var diagnosis: Diagnosis {
    Diagnosis(
      place: "papers.run", finding: "there is no table \(Excerpt.quoted(key))",
      remedy: Words.nearest(to: key, among: known).map { "did you mean \($0)?" }
        ?? "there are: \(known.joined(separator: ", "))", exitCode: .wrongUsage)
  }
}

/// A file of a paper's that is not as the paper's was.
struct PublishedFileError: DiagnosedError, Equatable {
  let path: String
  let finding: String

  var diagnosis: Diagnosis {
    Diagnosis(place: path, finding: finding, remedy: "fetch the paper's own file again")
  }
}
