import Runtime

/// A registered kind of model, whatever its type.
package struct ModelKind: Sendable {
  package let card: ModelCard
  package let searchSpace: SearchSpace
  /// The JSON schema of its hyper-parameters.
  package let schema: JSON
  package let defaults: JSON
  private let configure:
    @Sendable ([ConfigurationSource], [String]) throws(ConfigurationError) -> ConfiguredModel
  private let loading: @Sendable (String) throws -> any Model
  private let asking: @Sendable () throws -> [Manifest.Library]

  /// Looks at everything that can be wrong with a kind, so that nothing of it is found out later.
  init<M: Model>(_ type: M.Type) throws(RegistrationError) {
    card = M.card
    searchSpace = M.searchSpace
    schema = Configuration<M.Settings>.jsonSchema(title: M.card.name)
    defaults = M.Settings.schema.json(of: M.Settings())
    configure = { sources, sets throws(ConfigurationError) in
      ConfiguredModel(type, try Configuration<M.Settings>.load(sources: sources, sets: sets))
    }
    loading = { try M.load(from: $0) }
    asking = { try M.libraries() }
    try Self.checkCard(type)
    try checkDefaults()
    try checkSearch()
  }

  package var name: String { card.name }

  /// The kind with its hyper-parameters: its defaults, then files, then `key=value`.
  package func configured(
    _ sources: [ConfigurationSource] = [], sets: [String] = []
  ) throws(ConfigurationError) -> ConfiguredModel {
    try configure(sources, sets)
  }

  /// The kind with settings that it gave before.
  package func configured(settings: JSON) throws(ConfigurationError) -> ConfiguredModel {
    guard settings != .null else { return try configure([], []) }
    let text = Array(settings.text(pretty: true).utf8)
    return try configure([ConfigurationSource(name: "\(name).yaml", bytes: text)], [])
  }

  /// A model that was saved.
  package func load(from folder: String) throws -> any Model { try loading(folder) }

  /// The C libraries that its fits run through.
  package func libraries() throws -> [Manifest.Library] { try asking() }

  private static func checkCard<M: Model>(_ type: M.Type) throws(RegistrationError) {
    let card = M.card
    let letters = card.name.utf8
    let isName =
      (1...40).contains(letters.count)
      && letters.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      } && letters.first.map { $0 >= 0x61 } ?? false
    guard isName else { throw .name(card.name) }
    guard !card.summary.isEmpty else { throw .missing(card.name, "a summary") }
    guard !card.abilities.isDisjoint(with: [.classes, .returns]) else {
      throw .missing(card.name, "something it learns: classes, returns or both")
    }
    for (ability, has) in [
      (ModelCard.Ability.importance, type is any ExplainedModel.Type),
      (.updates, type is any UpdatableModel.Type),
    ] where card.abilities.contains(ability) != has {
      throw has
        ? .missing(card.name, "the ability \(ability.rawValue), which its type has")
        : .missing(card.name, "what its ability \(ability.rawValue) promises")
    }
    let steps = M.steps(M.Settings())
    guard steps >= 1, steps == 1 || card.abilities.contains(.sequences) else {
      throw .missing(card.name, "the ability sequences, though it looks at \(steps) rows")
    }
  }

  /// The defaults must be values that a file could give.
  private func checkDefaults() throws(RegistrationError) {
    let text = Array(defaults.text(pretty: true).utf8)
    let read: ConfiguredModel
    do throws(ConfigurationError) {
      read = try configure([ConfigurationSource(name: "\(name).yaml", bytes: text)], [])
    } catch {
      throw .defaults(name, error.diagnosis.finding)
    }
    guard read.settings == defaults else { throw .unstable(name) }
  }

  /// Both ends of what is searched must be values that the settings take.
  private func checkSearch() throws(RegistrationError) {
    for dimension in searchSpace.dimensions {
      for end in dimension.values.ends {
        do throws(ConfigurationError) {
          _ = try configure([], ["\(dimension.key)=\(end)"])
        } catch {
          throw .search(name, key: dimension.key, error.diagnosis.finding)
        }
      }
    }
  }
}

/// A kind with hyper-parameters: ready to learn.
package struct ConfiguredModel: Sendable {
  package let card: ModelCard
  /// All hyper-parameters that hold.
  package let settings: JSON
  /// Rows of a symbol that a sample shows.
  package let steps: Int
  let weighting: ClassWeighting
  private let fitting: @Sendable (Lesson, FitSession) throws -> any Model

  init<M: Model>(_ type: M.Type, _ loaded: Loaded<M.Settings>) {
    card = M.card
    settings = loaded.json
    steps = M.steps(loaded.value)
    weighting = M.weighting(loaded.value)
    fitting = { try M.fit(loaded.value, to: $0, in: $1) }
  }

  /// Learns; refuses a lesson that the kind cannot learn.
  package func fit(_ lesson: Lesson, in session: FitSession) throws -> any Model {
    let needed: ModelCard.Ability = lesson.target == .classes ? .classes : .returns
    guard card.abilities.contains(needed) else {
      throw LessonError.cannotLearn(model: card.name, target: lesson.target)
    }
    return try fitting(lesson, session)
  }
}
