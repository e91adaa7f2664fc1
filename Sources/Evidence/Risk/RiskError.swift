import Numerics
import Runtime

/// Books and histories that no risk can be computed of.
public enum RiskError: DiagnosedError, Equatable {
  case sizes(weights: Int, means: Int, covariance: Shape)
  case parameter(String, String, expected: String)
  case statistics(StatisticsError)
  case linearAlgebra(LinearAlgebraError)

  public var diagnosis: Diagnosis {
    switch self {
    case .sizes(let weights, let means, let covariance):
      Diagnosis(
        place: "portfolio",
        finding: "\(weights) weights do not go with \(means) means and a \(covariance) covariance",
        remedy: "give one weight and one mean an asset, and its covariance with each")
    case .parameter(let name, let value, let expected):
      Diagnosis(
        place: name, finding: "\(value) is not \(expected)", remedy: "give \(expected)",
        exitCode: .wrongUsage)
    case .statistics(let error): error.diagnosis
    case .linearAlgebra(let error): error.diagnosis
    }
  }
}
