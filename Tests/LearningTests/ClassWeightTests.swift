import Learning
import Testing

@Suite("Weights of classes")
struct ClassWeightTests {
  private func lesson(_ labels: [Double]) -> Lesson {
    let windows = Lessons.windows(rows: labels.count, symbols: 1, seed: 1) { _ in 0 }
      .relabelled(labels)
    return Lesson(train: windows, validation: windows)
  }

  @Test("balanced, every class counts alike and a row 1 on average", arguments: [0.0, 0.1, 0.5])
  func balanced(share: Double) {
    let count = 200
    let labels = (0..<count).map { Double($0) < share * 200 ? 1.0 : $0.isMultiple(of: 4) ? -1 : 0 }
    let lesson = lesson(labels)
    let weights = lesson.classWeights(.balanced)
    let sums = [-1.0, 0, 1].enumerated().map { place, label in
      weights[place] * Double(labels.count { $0 == label })
    }
    let present = Set(labels).count
    for (place, label) in [-1.0, 0, 1].enumerated() {
      let wanted = labels.contains(label) ? Double(count) / Double(present) : 0
      #expect(abs(sums[place] - wanted) < 1e-9)
    }
    #expect(lesson.classWeights(.none) == [])
  }
}
