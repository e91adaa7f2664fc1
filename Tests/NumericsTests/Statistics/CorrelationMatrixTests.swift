import Numerics
import TestKit
import Testing

@Suite("Correlation matrices of hard samples") struct CorrelationMatrixTests {
  /// Two columns that share a factor, moved and scaled.
  private static func pair(rows: Int, mean: Double, deviation: Double) -> Matrix<Double> {
    var random = RandomStream(seed: 4, purpose: "pairs")
    let factor = (0..<rows).map { _ in random.normal() }
    return Matrix(rows: rows, columns: 2) { row, column in
      mean + deviation * (factor[row] + (column == 0 ? 0.5 : 1) * random.normal())
    }
  }

  @Test(
    "agree with the streaming form to 1e-12, far from zero, huge, tiny or denormal",
    arguments: [
      (0, 1), (1e9, 1e-3), (-1e15, 10), (1e-9, 1e9), (0, 1e200), (3e280, 1e270), (0, 1e-200),
      (1e-300, 1e-306), (0, 0x1p-1040),
    ] as [(Double, Double)])
  func agreesWithStreaming(mean: Double, deviation: Double) throws {
    let samples = Self.pair(rows: 500, mean: mean, deviation: deviation)
    let columns = (0..<2).map { column in (0..<500).map { samples[$0, column] } }
    let streaming = try Correlation.pearson(columns[0], columns[1])
    #expect(streaming > 0.1 && streaming < 1)
    let matrix = try Correlation.matrix(samples)
    #expect(relativeError(matrix[0, 1], streaming) < 1e-12)
    #expect(matrix[0, 1] == matrix[1, 0] && matrix[0, 0] == 1 && matrix[1, 1] == 1)
  }

  @Test("a column that stands still has NaN, whatever its value and however many rows there are")
  func standsStill() throws {
    for value in [0.1, 0.3, 123.456, 1e-3, 1e300, Double.leastNonzeroMagnitude, 0] {
      for rows in [2, 3, 49, 98, 103, 107, 196, 237, 250] {
        let samples = Matrix<Double>(rows: rows, columns: 9) { row, column in
          column == 3 || column == 8 ? value : Double((row * (column + 2)) % 13)
        }
        let matrix = try Correlation.matrix(samples)
        for other in 0..<9 {
          #expect(matrix[3, other].isNaN && matrix[other, 8].isNaN, "\(value), \(rows) rows")
        }
        #expect(matrix[0, 0] == 1 && !matrix[0, 1].isNaN)
        let pearson = try Correlation.pearson(
          [Double](repeating: value, count: rows), (0..<rows).map(Double.init))
        #expect(pearson.isNaN)
      }
    }
  }

  @Test("NaN and infinities spoil their own column alone") func nonFinite() throws {
    for bad in [Double.nan, .infinity, -.infinity] {
      for place in [0, 7, 19] {
        let samples = Matrix<Double>(rows: 20, columns: 10) { row, column in
          row == place && column == 4 ? bad : Double((row * (column + 3)) % 13)
        }
        let matrix = try Correlation.matrix(samples)
        for i in 0..<10 {
          for j in 0..<10 { #expect(matrix[i, j].isNaN == (i == 4 || j == 4), "\(bad) \(place)") }
        }
      }
    }
  }

  @Test("the autocorrelation of huge and tiny series, whole as one by one, to 1e-12")
  func autocorrelation() throws {
    var random = RandomStream(seed: 5, purpose: "series")
    var last = 0.0
    let series = (0..<300).map { _ in
      last = 0.8 * last + random.normal()
      return last
    }
    for scale in [1, 1e200, 1e300, 1e-200, 1e-305] {
      let values = series.map { $0 * scale }
      let batch = try Autocorrelation.coefficients(values, greatestLag: 4)
      var streaming = try StreamingAutocorrelation(greatestLag: 4)
      for value in values { streaming.add(value) }
      #expect(greatestRelativeError(streaming.coefficients, batch) < 1e-12, "\(scale)")
      #expect(batch[0] == 1 && batch[1] > 0.6)
    }
  }
}
