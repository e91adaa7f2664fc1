import Foundation
import Market
import Runtime

/// Bars without volume, and days with far too much of it.
enum VolumeCheck {
  static func findings(_ subject: Subject) -> [Finding] { zeros(subject) + jumps(subject) }

  private static func zeros(_ subject: Subject) -> [Finding] {
    let batch = subject.bars.batch
    guard let volume = batch.volume else { return [] }
    let rows = (0..<batch.count).filter { volume[$0] == 0 }
    guard let prices = Prices(batch) else { return [] }
    func moved(_ row: Int) -> Bool {
      prices.high[row] > prices.low[row]
        || row > 0 && prices.close[row] != prices.close[row - 1]
    }
    let moving = rows.count(where: moved)
    return subject.findings(.zeroVolume, rows: rows, of: batch) { row in
      "\(subject.time(batch.start[row])): no volume, and the price "
        + (moved(row) ? "moved" : "stood still")
        + (rows.count == 1
          ? ""
          : " (in all \(FigureText.count(rows.count)) such bars, \(FigureText.count(moving)) with a "
            + "moving price)")
    }
  }

  private static func jumps(_ subject: Subject) -> [Finding] {
    let sessions = SessionBars(subject.bars, without: subject.spikes.rows).rows
    var volumes = RollingMedian(window: subject.thresholds.window)
    var moves = RollingMedian(window: subject.thresholds.window)
    var findings: [Finding] = []
    for index in sessions.indices {
      let volume = sessions[index].volume
      let move = index > 0 ? log(sessions[index].close / sessions[index - 1].close) : 0
      let usual = volumes.median
      let isQuiet = abs(move) <= subject.thresholds.outlierDeviations * moves.deviation
      if volumes.count >= 20, usual > 0, volume > subject.thresholds.volumeJump * usual, isQuiet {
        let start = subject.bars.batch.start[sessions[index].row]
        findings.append(
          subject.finding(
            .volumeJump, at: start,
            "\(sessions[index].date): \(FigureText.fixed(volume / usual, decimals: 0)) times the usual "
              + "volume while the price moved \(FindingWords.move(move))"))
      }
      if volume > 0 { volumes.add(volume) }
      moves.add(move)
    }
    return findings
  }
}
