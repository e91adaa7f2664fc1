internal import CPlugin
import Glibc
import Runtime

/// A strategy's library, opened and found to be made for this program. It stays loaded until the program
/// ends: code that may still be running cannot be taken away.
final class PluginLibrary: @unchecked Sendable {
  // Safe to send: constant after it was opened.
  let strategy: MartinetStrategy
  let name: String

  static let version = UInt32(MARTINET_PLUGIN_INTERFACE)

  init(_ path: String) throws(StrategyFailure) {
    let shown = Excerpt.bare(path, longest: 100)
    // Without a slash the system would look elsewhere.
    let place = path.contains("/") ? path : "./" + path
    guard let handle = dlopen(place, RTLD_NOW | RTLD_LOCAL) else {
      throw StrategyFailure(
        shown, "this library cannot be loaded: \(Self.reason())",
        "build it again for this machine: swift build -c release in its folder")
    }
    guard let number = dlsym(handle, "martinet_plugin_interface"),
      let entry = dlsym(handle, "martinet_plugin_strategy")
    else {
      throw StrategyFailure(
        shown,
        "this library is no strategy: it does not export martinet_plugin_interface and "
          + "martinet_plugin_strategy",
        "make one that does: martinet new strategy NAME", exitCode: .refused)
    }
    let found = number.loadUnaligned(as: UInt32.self)
    guard found == Self.version else {
      throw StrategyFailure(
        shown,
        "it was built for version \(found) of the interface; this program has "
          + "\(Self.version)",
        "build it again with the martinet_plugin.h of this program: martinet new strategy shows it",
        exitCode: .refused)
    }
    typealias Entry = @convention(c) () -> UnsafePointer<MartinetStrategy>?
    guard let given = unsafeBitCast(entry, to: Entry.self)()?.pointee, given.create != nil,
      given.destroy != nil, given.on_bars != nil, let text = given.name
    else {
      throw StrategyFailure(
        shown, "its strategy has no name, create, destroy or on_bars", "fill in all of them",
        exitCode: .refused)
    }
    strategy = given
    name = Excerpt.bare(String(cString: text), longest: 100)
  }

  private static func reason() -> String {
    guard let words = dlerror() else { return "no reason given" }
    return Excerpt.bare(String(cString: words), longest: 200)
  }
}
