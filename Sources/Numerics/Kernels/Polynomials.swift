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

  /// exp(t²) erfc(t) (t + 1.5) / 1.5, w = t / (t + 1.5),
  /// for w from 0 to 0.875; error 2^-28.4 of the function.
  @inlinable @inline(__always)
  package static func scaledErfcShape(_ w: Self) -> Self {
    var p = Self(repeating: -0x1.58e77cp-4)
    p = Self(repeating: 0x1.434c88p-2).addingProduct(p, w)
    p = Self(repeating: -0x1.ccebe2p-2).addingProduct(p, w)
    p = Self(repeating: 0x1.6bb2fp-2).addingProduct(p, w)
    p = Self(repeating: -0x1.bb7e3p-3).addingProduct(p, w)
    p = Self(repeating: 0x1.2518bp-5).addingProduct(p, w)
    p = Self(repeating: 0x1.f7435cp-8).addingProduct(p, w)
    p = Self(repeating: 0x1.b636c4p-4).addingProduct(p, w)
    p = Self(repeating: 0x1.111ef6p-3).addingProduct(p, w)
    p = Self(repeating: -0x1.14c26p-3).addingProduct(p, w)
    p = Self(repeating: -0x1.62985ep-1).addingProduct(p, w)
    p = Self(repeating: 0x1p0).addingProduct(p, w)
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

  /// exp(t²) erfc(t) (t + 2.5) / 2.5, w = t / (t + 2.5),
  /// for w from 0 to 0.916667; error 2^-57.3 of the function.
  @inlinable @inline(__always)
  package static func scaledErfcShape(_ w: Self) -> Self {
    var p = Self(repeating: 0x1.6d5b870cfae92p-8)
    p = Self(repeating: -0x1.b1af5bf11c147p-5).addingProduct(p, w)
    p = Self(repeating: 0x1.d4ca65feaa24ep-3).addingProduct(p, w)
    p = Self(repeating: -0x1.32d5f5d7a832ep-1).addingProduct(p, w)
    p = Self(repeating: 0x1.118f1f808a9dep0).addingProduct(p, w)
    p = Self(repeating: -0x1.62a1bed91735bp0).addingProduct(p, w)
    p = Self(repeating: 0x1.5b40605513387p0).addingProduct(p, w)
    p = Self(repeating: -0x1.05b746875517bp0).addingProduct(p, w)
    p = Self(repeating: 0x1.333d7c07a6a7cp-1).addingProduct(p, w)
    p = Self(repeating: -0x1.1c3b02f497236p-2).addingProduct(p, w)
    p = Self(repeating: 0x1.86ef0908c6d87p-4).addingProduct(p, w)
    p = Self(repeating: -0x1.898d81d25f52bp-6).addingProduct(p, w)
    p = Self(repeating: 0x1.b5780034560a7p-7).addingProduct(p, w)
    p = Self(repeating: 0x1.f6d3948a5574ap-8).addingProduct(p, w)
    p = Self(repeating: -0x1.54afb3faff852p-7).addingProduct(p, w)
    p = Self(repeating: -0x1.2e5ce5e32d7bep-5).addingProduct(p, w)
    p = Self(repeating: -0x1.01f5a763040d3p-6).addingProduct(p, w)
    p = Self(repeating: 0x1.84d4628605cc8p-4).addingProduct(p, w)
    p = Self(repeating: 0x1.0461cc7a64adap-3).addingProduct(p, w)
    p = Self(repeating: -0x1.12c7cc952703ep-2).addingProduct(p, w)
    p = Self(repeating: -0x1.ddff17807c9dbp-2).addingProduct(p, w)
    p = Self(repeating: 0x1.9bacb6eb302bfp0).addingProduct(p, w)
    p = Self(repeating: -0x1.d229a48a684ap0).addingProduct(p, w)
    p = Self(repeating: 0x1p0).addingProduct(p, w)
    return p
  }
}
