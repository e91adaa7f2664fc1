import Numerics

/// The gradients of all parameters, laid out as the parameters are.
package final class Gradients<T: VectorScalar> {
  package let parameters: Parameters<T>
  let start: UnsafeMutablePointer<T>

  init(of parameters: Parameters<T>) {
    self.parameters = parameters
    start = parameters.device.allocate(parameters.count)
  }

  deinit { parameters.device.free(start) }

  /// A copy of one parameter's.
  package subscript(_ name: String) -> Tensor<T> {
    get throws(TensorError) {
      let entry = try parameters.entry(name)
      return Tensor(entry.shape, copying: start + entry.offset)
    }
  }
}
