import Market
import Runtime

extension RunHeader: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(startedAt)
    writer.write(seed)
    for text in [settings, code, instruments, strategy] { writer.write(text) }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    self.init(
      startedAt: try reader.readTime(), seed: try reader.read(), settings: try reader.readText(),
      code: try reader.readText(), instruments: try reader.readText(),
      strategy: try reader.readText())
  }
}

/// The first byte of each record; journals keep it, so it is never renumbered.
extension JournalRecord {
  fileprivate enum Kind: UInt8 {
    case began = 1
    case clock, timer, submitted, reduced, denied, replacing, replaceDenied, cancelling
    case told, posted, changed, operated, ended, doubted
  }

  fileprivate var kind: Kind {
    switch self {
    case .began: .began
    case .clock: .clock
    case .timer: .timer
    case .submitted: .submitted
    case .reduced: .reduced
    case .denied: .denied
    case .replacing: .replacing
    case .replaceDenied: .replaceDenied
    case .cancelling: .cancelling
    case .doubted: .doubted
    case .told: .told
    case .posted: .posted
    case .changed: .changed
    case .operated: .operated
    case .ended: .ended
    }
  }
}

extension JournalRecord: ByteCoded {
  public func write(to writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    switch self {
    case .began(let header): header.write(to: &writer)
    case .clock(let time), .ended(let time): writer.write(time)
    case .timer(let timer, let time):
      writer.write(timer.number)
      writer.write(time)
    case .submitted(let order): order.write(to: &writer)
    case .reduced(let order, let denial), .denied(let order, let denial):
      order.write(to: &writer)
      denial.write(to: &writer)
    case .replacing(let order, let terms, let time):
      order.write(to: &writer)
      terms.write(to: &writer)
      writer.write(time)
    case .replaceDenied(let order, let denial, let time):
      order.write(to: &writer)
      denial.write(to: &writer)
      writer.write(time)
    case .cancelling(let order, let time), .doubted(let order, let time):
      order.write(to: &writer)
      writer.write(time)
    case .told(let message): message.write(to: &writer)
    case .posted(let posting): posting.write(to: &writer)
    case .changed(let key, let value, let time):
      for text in [key, value] { writer.write(text) }
      writer.write(time)
    case .operated(let act, let by, let reason, let time):
      for text in [act, by, reason] { writer.write(text) }
      writer.write(time)
    }
  }

  public init(from reader: inout ByteReader) throws(JournalError) {
    let kind: Kind = try reader.readCase("kind of record")
    switch kind {
    case .began: self = .began(try RunHeader(from: &reader))
    case .clock: self = .clock(try reader.readTime())
    case .timer: self = .timer(TimerID(try reader.read()), at: try reader.readTime())
    case .submitted: self = .submitted(try Order(from: &reader))
    case .reduced: self = .reduced(try Order(from: &reader), try Denial(from: &reader))
    case .denied: self = .denied(try Order(from: &reader), try Denial(from: &reader))
    case .replacing:
      self = .replacing(
        try OrderID(from: &reader), try OrderTerms(from: &reader), at: try reader.readTime())
    case .replaceDenied:
      self = .replaceDenied(
        try OrderID(from: &reader), try Denial(from: &reader), at: try reader.readTime())
    case .cancelling: self = .cancelling(try OrderID(from: &reader), at: try reader.readTime())
    case .doubted: self = .doubted(try OrderID(from: &reader), at: try reader.readTime())
    case .told: self = .told(try VenueMessage(from: &reader))
    case .posted: self = .posted(try Posting(from: &reader))
    case .changed:
      self = .changed(
        key: try reader.readText(), value: try reader.readText(), at: try reader.readTime())
    case .operated:
      self = .operated(
        act: try reader.readText(), by: try reader.readText(), reason: try reader.readText(),
        at: try reader.readTime())
    case .ended: self = .ended(at: try reader.readTime())
    }
  }
}
