import Runtime

/// What can be wrong with a model, its inputs or its checkpoint.
package enum TensorError: DiagnosedError, Equatable {
  /// Two operands that do not fit together.
  case shapes(Place, first: TensorShape, second: TensorShape)
  /// One operand that is not what the operation needs.
  case shape(Place, TensorShape, needed: String)
  /// A number that a layer cannot be made with.
  case setting(Place, finding: String)
  /// Values from two graphs in one operation.
  case foreignValue(Place)
  /// A parameter that the store does not have.
  case unknownParameter(String, nearest: String?)
  /// A parameter asked for in another shape than it has.
  case parameterShape(String, stored: TensorShape, asked: TensorShape)
  /// The first operation whose result was not finite.
  case notFinite(Place, value: String)
  /// Numbers in another count than a shape has.
  case count(TensorShape, given: Int)
  /// An element that a tensor does not have.
  case outside(TensorShape, index: [Int])
  /// A value that is not there after a run, because nobody asked for it.
  case notComputed(Place, TensorShape)
  /// An index of something that is not there.
  case index(Int, place: Int, bound: Int)
  /// A batch that cannot be cut into slices of that size.
  case slices(batch: Int, slice: Int)

  /// The operation and the path of the layer that asked for it.
  package struct Place: Equatable, Sendable {
    package let operation: String
    package let path: String

    var text: String { path.isEmpty ? operation : "\(path): \(operation)" }
  }

  package var diagnosis: Diagnosis {
    switch self {
    case .shapes(let place, let first, let second):
      Diagnosis(
        place: place.text, finding: "a tensor of shape \(first) does not go with one of \(second)",
        remedy: "check the sizes given to this layer and the order of its inputs")
    case .shape(let place, let shape, let needed):
      Diagnosis(
        place: place.text, finding: "the shape is \(shape), where \(needed) is needed",
        remedy: "check the sizes given to this layer and what it is fed with")
    case .setting(let place, let finding):
      Diagnosis(
        place: place.text, finding: finding, remedy: "change the layer's settings",
        exitCode: .wrongUsage)
    case .foreignValue(let place):
      Diagnosis(
        place: place.text, finding: "the operands belong to two different graphs",
        remedy: "use values inside the graph that they were made in")
    case .unknownParameter(let name, let nearest):
      Diagnosis(
        place: name, finding: "there is no such parameter",
        remedy: nearest.map {
          "did you mean \($0)? A model's parameters are named once, at its start"
        }
          ?? "make the parameters with the same model that is traced")
    case .parameterShape(let name, let stored, let asked):
      Diagnosis(
        place: name, finding: "the parameter has the shape \(stored), not \(asked)",
        remedy: "use the settings the parameters were made with, or another name")
    case .notFinite(let place, let value):
      Diagnosis(
        place: place.text, finding: "the result holds \(value)",
        remedy: "look at this layer's inputs; lower the learning rate or clip gradients",
        exitCode: .refused)
    case .count(let shape, let given):
      Diagnosis(
        place: "tensor of shape \(shape)", finding: "\(given) numbers were given",
        remedy: "give \(shape.count)")
    case .outside(let shape, let index):
      Diagnosis(
        place: "tensor of shape \(shape)", finding: "there is no element \(TensorShape(index))",
        remedy: "count from 0, one index a dimension")
    case .notComputed(let place, let shape):
      Diagnosis(
        place: place.text, finding: "a value of shape \(shape) is not kept",
        remedy: "name it among the outputs that are computed; of gradients, let the input want one")
    case .index(let value, let place, let bound):
      Diagnosis(
        place: "index \(place)", finding: "\(value) is not in 0..<\(bound)",
        remedy: "number classes and rows from 0")
    case .slices(let batch, let slice):
      Diagnosis(
        place: "batch", finding: "\(batch) rows cannot be cut into slices of \(slice)",
        remedy: "give a slice that divides the batch", exitCode: .wrongUsage)
    }
  }
}
