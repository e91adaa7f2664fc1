// Written by Tests/NumericsTests/Golden/Kernels/coefficients.py, which says how.

extension SIMD16<Float> {
  /// (exp(r) − 1 − r) / r²
  /// for r from -0.346608 to 0.346608; error 2^-28.3 of the function.
  @inlinable @inline(__always)
  package static func exponentialTail(_ r: Self) -> Self {
    var p = Self(repeating: 0x1.6a4f0cp-10)
    p = Self(repeating: 0x1.12397ep-7).addingProduct(p, r)
    p = Self(repeating: 0x1.5558aep-5).addingProduct(p, r)
    p = Self(repeating: 0x1.555492p-3).addingProduct(p, r)
    p = Self(repeating: 0x1.fffffcp-2).addingProduct(p, r)
    return p
  }

  /// (log((1 + s) / (1 − s)) − 2s) / s³, z = s²,
  /// for z from 0 to 0.0294667; error 2^-30.2 of the function.
  @inlinable @inline(__always)
  package static func logarithmTail(_ z: Self) -> Self {
    var p = Self(repeating: 0x1.31e1a8p-2)
    p = Self(repeating: 0x1.995edp-2).addingProduct(p, z)
    p = Self(repeating: 0x1.55557ap-1).addingProduct(p, z)
    return p
  }

  /// (tanh(x) − x) / x³, z = x²,
  /// for z from 0 to 0.316406; error 2^-29.4 of the function.
  @inlinable @inline(__always)
  package static func tanhTail(_ z: Self) -> Self {
    var p = Self(repeating: -0x1.94a92ep-8)
    p = Self(repeating: 0x1.581e7ep-6).addingProduct(p, z)
    p = Self(repeating: -0x1.b906eap-5).addingProduct(p, z)
    p = Self(repeating: 0x1.110c62p-3).addingProduct(p, z)
    p = Self(repeating: -0x1.555548p-2).addingProduct(p, z)
    return p
  }

  /// erf(x)/x − 1, z = x²,
  /// for z from 0 to 0.878906; error 2^-30.0 of the function.
  @inlinable @inline(__always)
  package static func erfTail(_ z: Self) -> Self {
    var p = Self(repeating: 0x1.4f9778p-14)
    p = Self(repeating: -0x1.a61498p-11).addingProduct(p, z)
    p = Self(repeating: 0x1.544ad2p-8).addingProduct(p, z)
    p = Self(repeating: -0x1.b80122p-6).addingProduct(p, z)
    p = Self(repeating: 0x1.ce2d64p-4).addingProduct(p, z)
    p = Self(repeating: -0x1.81274p-2).addingProduct(p, z)
    p = Self(repeating: 0x1.06eba8p-3).addingProduct(p, z)
    return p
  }

  /// exp(t²) erfc(t) (t + 3), v = (t − 3) / (t + 3),
  /// for v from -1 to 0.555556; error 2^-27.0 of the function.
  @inlinable @inline(__always)
  package static func scaledErfcShape(_ v: Self) -> Self {
    var p = Self(repeating: -0x1.5badfap-15)
    p = Self(repeating: -0x1.3ab35cp-15).addingProduct(p, v)
    p = Self(repeating: -0x1.ed7a34p-13).addingProduct(p, v)
    p = Self(repeating: -0x1.974e64p-12).addingProduct(p, v)
    p = Self(repeating: 0x1.8ea418p-9).addingProduct(p, v)
    p = Self(repeating: -0x1.4f200ap-10).addingProduct(p, v)
    p = Self(repeating: -0x1.b7a768p-6).addingProduct(p, v)
    p = Self(repeating: 0x1.e9a226p-4).addingProduct(p, v)
    p = Self(repeating: -0x1.3deadep-2).addingProduct(p, v)
    p = Self(repeating: 0x1.2e325p-1).addingProduct(p, v)
    p = Self(repeating: -0x1.c44c48p-1).addingProduct(p, v)
    p = Self(repeating: 0x1.12f21ep0).addingProduct(p, v)
    return p
  }
}

extension SIMD8<Double> {
  /// (exp(r) − 1 − r) / r²
  /// for r from -0.346608 to 0.346608; error 2^-57.9 of the function.
  @inlinable @inline(__always)
  package static func exponentialTail(_ r: Self) -> Self {
    var p = Self(repeating: 0x1.adabc4ba4f2c6p-26)
    p = Self(repeating: 0x1.28adfc02d2f44p-22).addingProduct(p, r)
    p = Self(repeating: 0x1.71df08662ef2cp-19).addingProduct(p, r)
    p = Self(repeating: 0x1.a019995fade29p-16).addingProduct(p, r)
    p = Self(repeating: 0x1.a01a0137d183bp-13).addingProduct(p, r)
    p = Self(repeating: 0x1.6c16c18476e12p-10).addingProduct(p, r)
    p = Self(repeating: 0x1.11111111251fap-7).addingProduct(p, r)
    p = Self(repeating: 0x1.55555555506bcp-5).addingProduct(p, r)
    p = Self(repeating: 0x1.5555555555505p-3).addingProduct(p, r)
    p = Self(repeating: 0x1.000000000000ap-1).addingProduct(p, r)
    return p
  }

  /// (log((1 + s) / (1 − s)) − 2s) / s³, z = s²,
  /// for z from 0 to 0.0294667; error 2^-59.5 of the function.
  @inlinable @inline(__always)
  package static func logarithmTail(_ z: Self) -> Self {
    var p = Self(repeating: 0x1.2f0e4d9fdf42p-3)
    p = Self(repeating: 0x1.39a0de9aa699ap-3).addingProduct(p, z)
    p = Self(repeating: 0x1.746647373e085p-3).addingProduct(p, z)
    p = Self(repeating: 0x1.c71c51e1c2989p-3).addingProduct(p, z)
    p = Self(repeating: 0x1.24924942212dap-2).addingProduct(p, z)
    p = Self(repeating: 0x1.999999997fa54p-2).addingProduct(p, z)
    p = Self(repeating: 0x1.5555555555593p-1).addingProduct(p, z)
    return p
  }

  /// (tanh(x) − x) / x³, z = x²,
  /// for z from 0 to 0.316406; error 2^-59.8 of the function.
  @inlinable @inline(__always)
  package static func tanhTail(_ z: Self) -> Self {
    var p = Self(repeating: -0x1.3ce1e92e167b8p-16)
    p = Self(repeating: 0x1.595399af6ed01p-14).addingProduct(p, z)
    p = Self(repeating: -0x1.e7fede0521f29p-13).addingProduct(p, z)
    p = Self(repeating: 0x1.345f69f289e22p-11).addingProduct(p, z)
    p = Self(repeating: -0x1.7d8b6ab1e8b01p-10).addingProduct(p, z)
    p = Self(repeating: 0x1.d6d243dbb388ap-9).addingProduct(p, z)
    p = Self(repeating: -0x1.226e2ce7fc28fp-7).addingProduct(p, z)
    p = Self(repeating: 0x1.664f48486cc14p-6).addingProduct(p, z)
    p = Self(repeating: -0x1.ba1ba1b931318p-5).addingProduct(p, z)
    p = Self(repeating: 0x1.1111111110255p-3).addingProduct(p, z)
    p = Self(repeating: -0x1.555555555554bp-2).addingProduct(p, z)
    return p
  }

  /// erf(x)/x − 1, z = x²,
  /// for z from 0 to 1; error 2^-56.3 of the function.
  @inlinable @inline(__always)
  package static func erfTail(_ z: Self) -> Self {
    var p = Self(repeating: -0x1.48c9b62f2088ap-32)
    p = Self(repeating: 0x1.161d525068894p-29).addingProduct(p, z)
    p = Self(repeating: -0x1.d696632f7ad67p-28).addingProduct(p, z)
    p = Self(repeating: 0x1.a21fda42b3c33p-26).addingProduct(p, z)
    p = Self(repeating: -0x1.75dd8cb7e32d1p-23).addingProduct(p, z)
    p = Self(repeating: 0x1.bbf97d23f8a23p-20).addingProduct(p, z)
    p = Self(repeating: -0x1.f4f41b358bd7fp-17).addingProduct(p, z)
    p = Self(repeating: 0x1.f9a49fa1ef267p-14).addingProduct(p, z)
    p = Self(repeating: -0x1.c02dbf080dc98p-11).addingProduct(p, z)
    p = Self(repeating: 0x1.565bcd43abd2fp-8).addingProduct(p, z)
    p = Self(repeating: -0x1.b82ce313bc38ap-6).addingProduct(p, z)
    p = Self(repeating: 0x1.ce2f21a0466p-4).addingProduct(p, z)
    p = Self(repeating: -0x1.812746b037a2dp-2).addingProduct(p, z)
    p = Self(repeating: 0x1.06eba8214db69p-3).addingProduct(p, z)
    return p
  }

  /// exp(t²) erfc(t) (t + 3), v = (t − 3) / (t + 3),
  /// for v from -1 to 0.803279; error 2^-53.4 of the function.
  @inlinable @inline(__always)
  package static func scaledErfcShape(_ v: Self) -> Self {
    var p = Self(repeating: -0x1.ceef572adbebap-29)
    p = Self(repeating: -0x1.02c0189ab3fafp-27).addingProduct(p, v)
    p = Self(repeating: 0x1.35590d45ca03p-28).addingProduct(p, v)
    p = Self(repeating: 0x1.aca22d8ad3917p-26).addingProduct(p, v)
    p = Self(repeating: 0x1.26723e19816fep-25).addingProduct(p, v)
    p = Self(repeating: 0x1.9275e7cfb3f8fp-29).addingProduct(p, v)
    p = Self(repeating: -0x1.deeb465c38756p-23).addingProduct(p, v)
    p = Self(repeating: -0x1.8a7d9b369f6cbp-22).addingProduct(p, v)
    p = Self(repeating: 0x1.0b478f7b19379p-20).addingProduct(p, v)
    p = Self(repeating: 0x1.6ff73755909a1p-19).addingProduct(p, v)
    p = Self(repeating: -0x1.3eb6782663dccp-18).addingProduct(p, v)
    p = Self(repeating: -0x1.24f494d9f6d7ap-16).addingProduct(p, v)
    p = Self(repeating: 0x1.fe005eb79c134p-16).addingProduct(p, v)
    p = Self(repeating: 0x1.c322de8113d72p-14).addingProduct(p, v)
    p = Self(repeating: -0x1.22390318448bp-12).addingProduct(p, v)
    p = Self(repeating: -0x1.1f78d5a8900c9p-11).addingProduct(p, v)
    p = Self(repeating: 0x1.8dae3a3eec6cp-9).addingProduct(p, v)
    p = Self(repeating: -0x1.3dd3e79863f1bp-10).addingProduct(p, v)
    p = Self(repeating: -0x1.b78993d6e1808p-6).addingProduct(p, v)
    p = Self(repeating: 0x1.e995f11b30eaap-4).addingProduct(p, v)
    p = Self(repeating: -0x1.3deb21415dbbfp-2).addingProduct(p, v)
    p = Self(repeating: 0x1.2e326945de1bdp-1).addingProduct(p, v)
    p = Self(repeating: -0x1.c44c471baa376p-1).addingProduct(p, v)
    p = Self(repeating: 0x1.12f21ddd9f5e2p0).addingProduct(p, v)
    return p
  }
}
