internal import CYAML

/// What libyaml reports, one after the other.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(String, YAMLNode.Style)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  var kind: Kind
  var anchor: String?
  var hasTag: Bool
  var mark: YAMLMark
}

/// The only owner of one `yaml_parser_t` and of the bytes it reads.
///
/// The parser points into both, so they live at fixed addresses until `deinit` frees them.
struct YAMLParser: ~Copyable {
  private let file: String
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8], file: String) {
    self.file = file
    input = .allocate(capacity: max(1, bytes.count))
    _ = input.initialize(from: bytes)
    parser = .allocate(capacity: 1)
    // Fails only when memory runs out, where Swift itself stops the program.
    precondition(yaml_parser_initialize(parser) == 1, "libyaml found no memory")
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    // Otherwise it would guess UTF-16 from the first bytes.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  mutating func next() throws(YAMLError) -> YAMLEvent {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
    defer { yaml_event_delete(&raw) }
    let mark = YAMLMark(raw.start_mark)
    switch raw.type {
    case YAML_STREAM_START_EVENT: return event(.streamStart, mark)
    case YAML_DOCUMENT_START_EVENT: return event(.documentStart, mark)
    case YAML_DOCUMENT_END_EVENT: return event(.documentEnd, mark)
    case YAML_SEQUENCE_END_EVENT: return event(.sequenceEnd, mark)
    case YAML_MAPPING_END_EVENT: return event(.mappingEnd, mark)
    case YAML_ALIAS_EVENT: return event(.alias(text(raw.data.alias.anchor) ?? ""), mark)
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let style: YAMLNode.Style = scalar.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted
      return event(
        .scalar(String(decoding: bytes, as: UTF8.self), style), mark, anchor: scalar.anchor,
        tag: scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = raw.data.sequence_start
      return event(.sequenceStart, mark, anchor: start.anchor, tag: start.tag)
    case YAML_MAPPING_START_EVENT:
      let start = raw.data.mapping_start
      return event(.mappingStart, mark, anchor: start.anchor, tag: start.tag)
    default: return event(.streamEnd, mark)
    }
  }

  private func event(
    _ kind: YAMLEvent.Kind, _ mark: YAMLMark, anchor: UnsafeMutablePointer<UInt8>? = nil,
    tag: UnsafeMutablePointer<UInt8>? = nil
  ) -> YAMLEvent {
    YAMLEvent(kind: kind, anchor: text(anchor), hasTag: tag != nil, mark: mark)
  }

  private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func failure() -> YAMLError {
    if parser.pointee.error == YAML_READER_ERROR {
      return .notUTF8(file: file, mark: mark(ofByte: Int(parser.pointee.problem_offset)))
    }
    let mark = YAMLMark(parser.pointee.problem_mark)
    if isIndentedWithTab(mark) { return .tab(file: file, mark: mark) }
    let message = parser.pointee.problem.map { String(cString: $0) } ?? "no reason given"
    return .malformed(file: file, mark: mark, message: message)
  }

  /// Whether a tab stands where the parser stopped, or before the first word of that line.
  private func isIndentedWithTab(_ mark: YAMLMark) -> Bool {
    let lines = input.split(
      separator: UInt8(ascii: "\n"), maxSplits: mark.line, omittingEmptySubsequences: false)
    guard mark.line <= lines.count else { return false }
    let line = lines[mark.line - 1]
    let indent = line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    let stop = line.dropFirst(mark.column - 1).first
    return stop == UInt8(ascii: "\t") || indent.contains(UInt8(ascii: "\t"))
  }

  private func mark(ofByte offset: Int) -> YAMLMark {
    let before = input.prefix(max(0, min(offset, input.count)))
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") }
    return YAMLMark(line: line + 1, column: before.count - lineStart + 1)
  }
}

extension YAMLMark {
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
