/// A drawing with its title above, its caption below and its figures behind a fold.
func figure(id: String, _ title: String, _ caption: String, table: HTML, drawing: HTML) -> HTML {
  """
  <figure>
  <h3 id="\(id)">\(title)</h3>
  \(drawing)
  <figcaption>\(caption)</figcaption>
  <details><summary>data</summary>\(table)</details>
  </figure>

  """
}

/// One drawing for each width a page may have: its stylesheet shows the one that fits.
func drawnThrice(_ svg: (_ name: String, _ width: Int) -> HTML) -> HTML {
  [("narrow", 344), ("medium", 700), ("wide", 1080)].map(svg).joined()
}
