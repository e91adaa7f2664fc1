// Included before every file of this folder (Package.swift): a missing Arrow header is the first
// thing a person without set-up meets, so say what to do instead.
#if !__has_include(<arrow/api.h>)
#error "Arrow was not found. Run: make build (or: make set-up && swift build --pkg-config-path .deps/pkgconfig)"
#endif
