/// Values by key, in the order in which they were last used; every step takes the same short time.
struct RecentlyUsed<Key: Hashable, Value> {
  private struct Node {
    var key: Key
    var value: Value
    /// Neighbours in the order of use; −1 at the ends.
    var older: Int
    var newer: Int
  }

  private var nodes: [Node] = []
  private var places: [Key: Int] = [:]
  private var oldest = -1
  private var newest = -1

  var count: Int { places.count }

  /// The value, which thereby becomes the latest used.
  mutating func use(_ key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    unlink(place)
    link(place)
    return nodes[place].value
  }

  func peek(_ key: Key) -> Value? { places[key].map { nodes[$0].value } }

  /// The key that was not used for longest.
  var leastRecent: Key? { oldest < 0 ? nil : nodes[oldest].key }

  /// Puts a value there as the latest used; gives the one it replaces.
  @discardableResult
  mutating func insert(_ value: Value, for key: Key) -> Value? {
    if let place = places[key] {
      let old = nodes[place].value
      nodes[place].value = value
      unlink(place)
      link(place)
      return old
    }
    places[key] = nodes.count
    nodes.append(Node(key: key, value: value, older: -1, newer: -1))
    link(nodes.count - 1)
    return nil
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Value? {
    guard let place = places.removeValue(forKey: key) else { return nil }
    let value = nodes[place].value
    unlink(place)
    // The last node moves into the gap, so that nothing removed is kept alive.
    let last = nodes.count - 1
    if place != last { move(last, to: place) }
    nodes.removeLast()
    return value
  }

  private mutating func move(_ from: Int, to place: Int) {
    nodes[place] = nodes[from]
    places[nodes[place].key] = place
    if nodes[place].older >= 0 { nodes[nodes[place].older].newer = place } else { oldest = place }
    if nodes[place].newer >= 0 { nodes[nodes[place].newer].older = place } else { newest = place }
  }

  private mutating func link(_ place: Int) {
    nodes[place].older = newest
    nodes[place].newer = -1
    if newest >= 0 { nodes[newest].newer = place } else { oldest = place }
    newest = place
  }

  private mutating func unlink(_ place: Int) {
    let (older, newer) = (nodes[place].older, nodes[place].newer)
    if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    if newer >= 0 { nodes[newer].older = older } else { newest = older }
  }
}
