import Foundation
let debugging = ProcessInfo.processInfo.environment["FAULT_DEBUG"] != nil
func debug(_ text: @autoclosure () -> String) { if debugging { print(text()) } }
