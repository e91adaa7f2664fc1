/// The page's own script: draws each candle chart, follows the colour scheme, and hears keys.
enum CandleScript {
  static let text = """
    "use strict";
    for (const figure of document.querySelectorAll("figure.candles")) {
      const live = figure.querySelector(".live");
      const data = JSON.parse(figure.querySelector("script").textContent);
      figure.classList.add("drawn");
      const color = (name) =>
        getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
      const chart = LightweightCharts.createChart(live, {
        autoSize: true,
        handleScroll: { mouseWheel: false, vertTouchDrag: false },
        handleScale: { mouseWheel: false },
        rightPriceScale: { mode: data.log ? 1 : 0, borderVisible: false, entireTextOnly: true,
          scaleMargins: { top: 0.08, bottom: data.v.length ? 0.24 : 0.08 } },
        timeScale: { borderVisible: false, minBarSpacing: 0.01, timeVisible: data.clock },
      });
      const series = chart.addCandlestickSeries({ priceLineVisible: false });
      series.setData(data.t.map((time, i) => data.c[i] === null ? { time } :
        { time, open: data.o[i], high: data.h[i], low: data.l[i], close: data.c[i] }));
      const volume = data.v.length === 0 ? null : chart.addHistogramSeries({ priceScaleId: "volume",
        priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false });
      if (volume) volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
      // Words only where there is room for them.
      let isClose = null;
      const mark = () => series.setMarkers(data.e.map(([i, up, text]) => ({
        time: data.t[i], text: isClose ? text : "", position: up ? "belowBar" : "aboveBar",
        shape: up ? "arrowUp" : "arrowDown", color: color(up ? "gain" : "loss"),
      })));
      const paint = () => {
        chart.applyOptions({
          layout: { background: { color: color("paper") }, textColor: color("quiet"), fontSize: 13,
            fontFamily: getComputedStyle(document.body).fontFamily },
          grid: { vertLines: { visible: false }, horzLines: { color: color("grid") } },
        });
        series.applyOptions({
          upColor: color("paper"), downColor: color("loss"), borderUpColor: color("gain"),
          borderDownColor: color("loss"), wickUpColor: color("gain"), wickDownColor: color("loss"),
        });
        if (volume) volume.setData(data.t.map((time, i) => data.v[i] === null ? { time } :
          { time, value: data.v[i], color: color(data.c[i] < data.o[i] ? "loss" : "gain") + "80" }));
        mark();
      };
      paint();
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
      const time = chart.timeScale();
      const all = () => time.fitContent();
      time.subscribeVisibleLogicalRangeChange((range) => {
        const close = range !== null && range.to - range.from < live.clientWidth / 2;
        if (close !== isClose) { isClose = close; mark(); }
      });
      all();
      live.addEventListener("focus", () => chart.applyOptions({ handleScale: { mouseWheel: true } }));
      live.addEventListener("blur", () => chart.applyOptions({ handleScale: { mouseWheel: false } }));
      live.addEventListener("keydown", (event) => {
        const range = time.getVisibleLogicalRange();
        if (!range) return;
        const span = range.to - range.from;
        const move = (from, to) => time.setVisibleLogicalRange({ from: range.from + from * span, to: range.to + to * span });
        switch (event.key) {
          case "ArrowLeft": move(-0.1, -0.1); break;
          case "ArrowRight": move(0.1, 0.1); break;
          case "+": case "=": move(0.1, -0.1); break;
          case "-": move(-0.125, 0.125); break;
          case "0": all(); break;
          default: return;
        }
        event.preventDefault();
      });
    }
    """
}
