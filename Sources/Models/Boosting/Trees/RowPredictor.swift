/// Predicts one row after another with memory of its own, so that nothing is allocated: for one thread.
package final class RowPredictor {
  private let model: TreeModel
  private let memory: RowMemory
  /// Of XGBoost's models, whose sums are single numbers.
  private var sums: [Float]

  package init(_ model: TreeModel) {
    self.model = model
    memory =
      switch model.trees {
      case .single(let forest): forest.rowMemory()
      case .double(let forest): forest.rowMemory()
      }
    sums = model.base
  }

  /// - Parameter result: as many numbers as the model has outputs
  package func predict(
    _ row: UnsafeBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Double>
  ) throws(TreeModelError) {
    guard row.count == model.featureCount, result.count == model.outputs,
      let start = row.baseAddress, let target = result.baseAddress
    else { throw .width(given: row.count, needed: model.featureCount) }
    switch model.trees {
    case .single(let forest):
      for i in sums.indices { sums[i] = model.base[i] }
      sums.withUnsafeMutableBufferPointer { sums in
        if let sums = sums.baseAddress { forest.add(row: start, to: sums, memory) }
      }
      for i in result.indices { result[i] = Double(sums[i]) }
    case .double(let forest):
      for i in result.indices { result[i] = Double(model.base[i]) }
      forest.add(row: start, to: target, memory)
    }
    model.finish(result)
  }
}

/// Where the keys of a row lie and how far its walks have come.
final class RowMemory {
  let keys: UnsafeMutablePointer<UInt32>
  let places: UnsafeMutablePointer<Int32>
  let walking: UnsafeMutablePointer<Int32>

  /// - Parameter places: as many as there are trees, and a handful more
  init(keys: Int, places: Int) {
    self.keys = .allocate(capacity: max(1, keys))
    self.places = .allocate(capacity: places)
    walking = .allocate(capacity: places)
  }

  deinit {
    keys.deallocate()
    places.deallocate()
    walking.deallocate()
  }
}
