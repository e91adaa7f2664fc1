import Learning
import Numerics
import Runtime

/// How numbers of samples are brought to mean 0 and deviation 1, as the training part has them.
///
/// A missing value becomes the mean, which is 0; so does a feature that never changes.
struct Standard: Sendable, Equatable {
  let means: [Double]
  /// One over the deviation; 0 for what never changes.
  let scales: [Double]

  init(of samples: Windows) {
    let width = samples.width
    var counts = [Double](repeating: 0, count: width)
    var means = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    for sample in 0..<samples.count {
      samples.withSample(sample) { numbers in
        for i in 0..<width where !numbers[i].isNaN {
          counts[i] += 1
          let change = Double(numbers[i]) - means[i]
          means[i] += change / counts[i]
          squares[i] += change * (Double(numbers[i]) - means[i])
        }
      }
    }
    self.means = means
    scales = (0..<width).map { i in
      let deviation = (squares[i] / max(1, counts[i])).squareRoot()
      // What is left of a constant is rounding.
      return deviation > 1e-7 * max(1e-30, means[i].magnitude) ? 1 / deviation : 0
    }
  }

  init(means: [Double], scales: [Double]) {
    self.means = means
    self.scales = scales
  }

  /// The samples' numbers as rows.
  func matrix(_ samples: Windows) throws(WidthError) -> Matrix<Double> {
    guard samples.width == means.count else {
      throw WidthError(given: samples.width, needed: means.count)
    }
    var matrix = Matrix<Double>(rows: samples.count, columns: means.count)
    matrix.withMutableView { view in
      for sample in 0..<samples.count {
        samples.withSample(sample) { numbers in
          for i in means.indices {
            let value = (Double(numbers[i]) - means[i]) * scales[i]
            view[sample, i] = value.isNaN ? 0 : value
          }
        }
      }
    }
    return matrix
  }

  var json: JSON {
    ["means": JSON(means.map { JSON($0) }), "scales": JSON(scales.map { JSON($0) })]
  }

  init?(_ json: JSON?) {
    guard let means = json?.numbers("means"), let scales = json?.numbers("scales"),
      means.count == scales.count
    else { return nil }
    self.init(means: means, scales: scales)
  }
}

/// Samples of another width than a model was trained on.
struct WidthError: DiagnosedError, Equatable {
  let given: Int
  let needed: Int

  var diagnosis: Diagnosis {
    Diagnosis(
      place: "samples",
      finding: "a sample holds \(given) numbers, the model learned from \(needed)",
      remedy: "give the features and the number of rows it was trained with", exitCode: .refused)
  }
}

extension JSON {
  /// A list of finite numbers, or nil where it is anything else.
  func numbers(_ key: String) -> [Double]? {
    guard let list = self[key]?.elements else { return nil }
    let numbers = list.compactMap(\.double)
    return numbers.count == list.count ? numbers : nil
  }
}
