internal import CArrow

/// The version of the Arrow library in use.
public func arrowVersion() -> String { String(cString: martinet_arrow_version()) }
