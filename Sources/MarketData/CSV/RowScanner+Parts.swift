import Numerics

extension RowScanner {
  /// Reads every row of a block in parts, each on a thread.
  ///
  /// - Returns: whether every line held a row and all rows are in order. If not, nothing has changed
  ///   but the sink, and the block has to be read from its start.
  mutating func scan(_ parts: LineParts, into sink: RowSink, on pool: Pool) -> Bool {
    let texts = parts.parts
    // The first row of a file settles what kind of time the others have.
    guard texts.count > 1, kind != nil else { return false }
    var scanners = [RowScanner](repeating: withoutOrder, count: texts.count)
    var areWhole = [Bool](repeating: false, count: texts.count)
    scanners.withUnsafeMutableBufferPointer { scanners in
      areWhole.withUnsafeMutableBufferPointer { areWhole in
        pool.forEachChunk(of: texts.count) { chunk in
          for part in chunk {
            let rows = try? scanners[part].scan(
              texts[part].text, into: sink.advanced(by: texts[part].firstLine))
            areWhole[part] = rows == texts[part].lineCount
          }
        }
      }
    }
    guard areWhole.allSatisfy(\.self) else { return false }
    var table = symbols
    for (part, scanner) in zip(texts, scanners) {
      guard let codes = table.take(from: scanner.symbols, known: symbols.symbols.count) else {
        continue
      }
      for row in part.firstLine..<part.firstLine + part.lineCount {
        sink.codes[row] = codes[Int(sink.codes[row])]
      }
    }
    if order == .forward, !table.follow(sink, count: parts.lineCount) { return false }
    symbols = table
    return true
  }
}

extension RowSink {
  func advanced(by rows: Int) -> RowSink {
    RowSink(stamps: stamps + rows, codes: codes + rows, numbers: numbers.map { $0 + rows })
  }
}

extension SymbolTable {
  /// Takes over what a copy of this table has found since it knew `known` symbols.
  ///
  /// - Returns: the number here of each of the copy's symbols, or `nil` where they are the same.
  fileprivate mutating func take(from copy: SymbolTable, known: Int) -> [Int32]? {
    guard copy.symbols.count > known else { return nil }
    var numbers = (0..<Int32(copy.symbols.count)).map(\.self)
    for (text, code) in copy.spellings(from: known) {
      numbers[Int(code)] = take(text, copy.symbols[Int(code)], copy.exchanges[Int(code)])
    }
    return numbers
  }

  /// Follows the stamps of rows symbol by symbol; whether they run forward.
  fileprivate mutating func follow(_ sink: RowSink, count: Int) -> Bool {
    guard symbols.count > 1 else { return followOne(sink.stamps, count: count) }
    return lastStamps.withUnsafeMutableBufferPointer { last in
      for row in 0..<count {
        let code = Int(sink.codes[row])
        if sink.stamps[row] <= last[code] { return false }
        last[code] = sink.stamps[row]
      }
      return true
    }
  }

  private mutating func followOne(_ stamps: UnsafePointer<Int64>, count: Int) -> Bool {
    var disorders = stamps[0] <= lastStamps[0] ? 1 : 0
    for row in 1..<max(1, count) { disorders &+= stamps[row] <= stamps[row - 1] ? 1 : 0 }
    lastStamps[0] = stamps[count - 1]
    return disorders == 0
  }
}
