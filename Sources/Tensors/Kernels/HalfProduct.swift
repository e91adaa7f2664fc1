import CHalfProduct
import Numerics

/// Products of BFloat16 matrices of one size, with sums in single precision.
///
/// Where the processor multiplies pairs of halves (AVX512-BF16), a product takes less than half the
/// time of one in single precision; elsewhere the operands are widened first.
package final class HalfProduct {
  static let hasInstruction = martinet_has_half_product() != 0
  /// What multiplies on this processor.
  package static let kernels = hasInstruction ? "AVX512-BF16" : "widened to single precision"

  package let rows: Int
  package let depth: Int
  package let columns: Int
  /// Whether the operands are widened, though the processor may have the instruction.
  private let widens: Bool
  private let panels: HalfPanels
  /// Rows that pass all panels together: they stay in the second-level cache.
  private let rowBlock = 128
  private let packed: UnsafeMutablePointer<UInt16>

  package convenience init(rows: Int, depth: Int, columns: Int) {
    self.init(rows: rows, depth: depth, columns: columns, widens: !Self.hasInstruction)
  }

  init(rows: Int, depth: Int, columns: Int, widens: Bool) {
    precondition(rows > 0 && depth > 0 && columns > 0, "a product has three sizes")
    self.widens = widens
    self.rows = rows
    self.depth = depth
    self.columns = columns
    panels = HalfPanels(depth: depth, columns: columns)
    let count = panels.count * panels.size
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<UInt16>.stride, alignment: 64)
    packed = bytes.bindMemory(to: UInt16.self, capacity: count)
  }

  deinit { packed.deallocate() }

  /// product = left [rows, depth] · right [depth, columns]
  package func multiply(
    _ left: [BFloat16], _ right: [BFloat16], into product: inout [Float], on pool: Pool = .shared
  ) {
    precondition(
      left.count == rows * depth && right.count == depth * columns
        && product.count == rows * columns, "operands of the product's sizes")
    left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        product.withUnsafeMutableBufferPointer { product in
          guard let left = left.bindMemory(to: UInt16.self).baseAddress,
            let right = right.bindMemory(to: UInt16.self).baseAddress,
            let product = product.baseAddress
          else { return }
          if widens {
            multiplyWidened(left, right, product)
          } else {
            multiply(left, right, product, on: pool)
          }
        }
      }
    }
  }

  private func multiply(
    _ left: UnsafePointer<UInt16>, _ right: UnsafePointer<UInt16>,
    _ product: UnsafeMutablePointer<Float>, on pool: Pool
  ) {
    pool.forEachChunk(of: panels.count, minimumChunk: max(1, (1 << 15) / panels.size)) { chunk in
      for panel in chunk {
        martinet_pack_half_panel(right, depth, columns, panel, packed + panel * panels.size)
      }
    }
    let minimumChunk = max(8, (1 << 20) / (depth * columns))
    pool.forEachChunk(of: rows, minimumChunk: minimumChunk, alignedTo: 8) { chunk in
      for first in stride(from: chunk.lowerBound, to: chunk.upperBound, by: rowBlock) {
        for panel in 0..<panels.count {
          martinet_multiply_half_panel(
            left, depth, packed + panel * panels.size, first,
            min(chunk.upperBound, first + rowBlock), product, columns, panel)
        }
      }
    }
  }

  private func multiplyWidened(
    _ left: UnsafePointer<UInt16>, _ right: UnsafePointer<UInt16>,
    _ product: UnsafeMutablePointer<Float>
  ) {
    func widened(_ halves: UnsafePointer<UInt16>, _ count: Int) -> [Float] {
      (0..<count).map { Float(bitPattern: UInt32(halves[$0]) << 16) }
    }
    let (left, right) = (widened(left, rows * depth), widened(right, depth * columns))
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return }
        let size = Product<Float>.workspace(depth: depth, columns: columns)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { workspace in
          guard let workspace = workspace.baseAddress else { return }
          Product.multiply(
            Strided(left, row: depth), Strided(right, row: columns), rows: rows, depth: depth,
            columns: columns, into: .init(start: product, stride: columns), workspace: workspace)
        }
      }
    }
  }
}
