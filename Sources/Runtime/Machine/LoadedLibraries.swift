internal import COpenSSL
internal import CYAML

/// The C libraries of this room that were loaded, by their own words.
public enum LoadedLibraries {
  public static var yaml: String { String(cString: yaml_get_version_string()) }

  public static var openSSL: String {
    guard let text = OpenSSL_version(OPENSSL_VERSION_STRING) else { return "unknown" }
    return String(cString: text)
  }
}
