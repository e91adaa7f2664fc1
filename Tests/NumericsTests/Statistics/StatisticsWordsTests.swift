import Foundation
import Numerics
import Runtime
import Testing

@Suite("What a person reads about samples, and small samples by hand") struct StatisticsWordsTests {
  private func told<Value>(_ body: () throws(StatisticsError) -> Value) -> Diagnosis? {
    do throws(StatisticsError) {
      _ = try body()
      return nil
    } catch {
      return error.diagnosis
    }
  }

  @Test("a sample too short, a missing value and a parameter out of reach are told") func samples()
  {
    let empty = told { () throws(StatisticsError) in try Quantiles.median([]) }
    #expect(empty?.finding == "0 values, of at least 1 that it takes")
    let missing = told { () throws(StatisticsError) in try Quantiles.median([1, .nan, 3]) }
    #expect(missing?.place == "quantiles[1]" && missing?.finding.contains("not a number") == true)
    let beyond = told { () throws(StatisticsError) in try Quantiles.exact([1, 2], at: [1.5]) }
    #expect(beyond?.place == "quantiles probability")
    #expect(beyond?.finding == "1.5 is not a number from 0 to 1")
    #expect(beyond?.exitCode == .wrongUsage)
    let lag = told { () throws(StatisticsError) in
      try Autocorrelation.coefficients([1, 2, 3], greatestLag: -1)
    }
    #expect(lag?.place == "autocorrelation greatest_lag")
  }

  @Test("samples of two shapes, a column that others explain, and products that failed are told")
  func shapes() {
    let (one, two) = (Shape(rows: 3, columns: 1), Shape(rows: 4, columns: 1))
    let unlike = StatisticsError.shapes(operation: "covariance", first: one, second: two).diagnosis
    #expect(unlike.place == "covariance" && unlike.finding.contains("3×1"))
    let singular = StatisticsError.singularDesign(column: 2, of: two).diagnosis
    #expect(singular.finding.contains("column 2 of the 4×1 design"))
    let inner = LinearAlgebraError.notPositiveDefinite(pivot: 1, of: two)
    #expect(StatisticsError.linearAlgebra(inner).diagnosis == inner.diagnosis)
  }

  @Test("the median and the sample's own skewness and kurtosis, worked by hand") func byHand()
    throws
  {
    let values: [Double] = [10, 1, 4, 2, 3]
    #expect(try Quantiles.median(values) == 3)
    #expect(try Quantiles.median([1, 2, 4, 10]) == 3)
    var moments = StreamingMoments()
    for value in values { moments.add(value) }
    // Deviations 6, −3, 0, −2, −1: the mean square is 10, the mean cube 36, the mean fourth 278.8.
    #expect(abs(moments.sampleSkewness - 1.2 * 2.0.squareRoot()) < 1e-12)
    #expect(abs(moments.sampleExcessKurtosis - 3.152) < 1e-12)
    var two = StreamingMoments()
    for value in [1.0, 2] { two.add(value) }
    #expect(two.sampleSkewness.isNaN && two.sampleExcessKurtosis.isNaN)
  }
}
