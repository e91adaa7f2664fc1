import Glibc

/// Waiting before something is tried again.
enum Pause {
  static func sleep(milliseconds: Double) { usleep(UInt32(milliseconds * 1000)) }
}
