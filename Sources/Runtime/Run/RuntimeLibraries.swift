internal import COpenSSL
internal import CYAML

/// The libraries this room uses, for manifests and `martinet doctor`.
public enum RuntimeLibraries {
  public static var all: [Manifest.Library] {
    [
      Manifest.Library("libyaml", String(cString: yaml_get_version_string())),
      Manifest.Library("OpenSSL", String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))),
    ]
  }
}
