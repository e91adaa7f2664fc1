"""Event loops over minute bars: backtesting.py, NautilusTrader and backtrader, two moving averages, ten
shares a trade, a commission of 0.1%.

backtesting.py is the quickest of the three and the peer; the others are timed once.
"""
import time

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from backtesting import __version__ as VERSION

from protocol import serve

FAST, SLOW, SHARES, FEE, CASH = 20, 50, 10, 0.001, 10_000_000


def frame(columns):
    names = ["Open", "High", "Low", "Close", "Volume"]
    index = pd.date_range("2020-09-13 12:26:40", periods=columns.shape[1], freq="1min")
    return pd.DataFrame(dict(zip(names, columns)), index=index)


def mean(values, n):
    """Exact, because prices are whole cents."""
    sums = np.cumsum(values)
    means = np.full(len(values), np.nan)
    means[n - 1:] = (sums[n - 1:] - np.concatenate([[0.0], sums[:-n]])) / n
    return means


class Cross(Strategy):
    def init(self):
        self.fast = self.I(mean, self.data.Close, FAST)
        self.slow = self.I(mean, self.data.Close, SLOW)

    def next(self):
        up = self.fast[-1] > self.slow[-1]
        if up and not self.position:
            self.buy(size=SHARES)
        elif not up and self.position:
            self.position.close()


def backtrader_bars_per_second(data):
    import backtrader as bt

    class BTCross(bt.Strategy):
        def __init__(self):
            fast, slow = bt.ind.SMA(period=FAST), bt.ind.SMA(period=SLOW)
            self.up = fast > slow

        def next(self):
            if self.up[0] and not self.position:
                self.buy(size=SHARES)
            elif not self.up[0] and self.position:
                self.close()

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=data))
    cerebro.addstrategy(BTCross)
    cerebro.broker.setcash(CASH)
    cerebro.broker.setcommission(FEE)
    start = time.perf_counter()
    cerebro.run()
    return len(data) / (time.perf_counter() - start)


def nautilus_bars_per_second(data):
    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig
    from nautilus_trader.model.currencies import USD
    from nautilus_trader.model.data import BarType
    from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
    from nautilus_trader.model.identifiers import Venue
    from nautilus_trader.model.objects import Money
    from nautilus_trader.persistence.wranglers import BarDataWrangler
    from nautilus_trader.test_kit.providers import TestInstrumentProvider
    from nautilus_trader.trading.strategy import Strategy as NautilusStrategy

    share = TestInstrumentProvider.equity("NVDA", "XNAS")
    kind = BarType.from_str("NVDA.XNAS-1-MINUTE-LAST-EXTERNAL")

    class NautilusCross(NautilusStrategy):
        def on_start(self):
            self.closes, self.fast, self.slow = [], 0.0, 0.0
            self.subscribe_bars(kind)

        def on_bar(self, bar):
            closes, close = self.closes, bar.close.as_double()
            closes.append(close)
            self.fast += close
            self.slow += close
            if len(closes) > FAST:
                self.fast -= closes[-FAST - 1]
            if len(closes) > SLOW:
                self.slow -= closes[-SLOW - 1]
            if len(closes) < SLOW:
                return
            up = self.fast / FAST > self.slow / SLOW
            held = self.portfolio.is_net_long(share.id)
            if up and not held:
                self.submit_order(self.order_factory.market(
                    share.id, OrderSide.BUY, share.make_qty(SHARES)))
            elif held and not up:
                self.close_all_positions(share.id)

    lower = data.rename(columns=str.lower).tz_localize("UTC")
    bars = BarDataWrangler(kind, share).process(lower)
    engine = BacktestEngine(BacktestEngineConfig(
        logging=LoggingConfig(bypass_logging=True), run_analysis=False))
    engine.add_venue(
        Venue("XNAS"), oms_type=OmsType.NETTING, account_type=AccountType.MARGIN,
        base_currency=USD, starting_balances=[Money(CASH, USD)])
    engine.add_instrument(share)
    engine.add_data(bars)
    engine.add_strategy(NautilusCross())
    start = time.perf_counter()
    engine.run()
    seconds = time.perf_counter() - start
    engine.dispose()
    return len(data) / seconds


def event_sma(inputs, threads):
    data = frame(inputs[0])
    kept = [None]

    def run():
        kept[0] = Backtest(data, Cross, cash=CASH, commission=FEE).run()

    def output():
        trades = kept[0]._trades
        held = len(kept[0]._strategy.trades)
        return np.array([2.0 * len(trades) + held, kept[0]["Equity Final [$]"]])

    others = ", ".join(
        f"{name} {speed(data.iloc[:20_000]) / 1e3:.0f} k bars/s"
        for name, speed in [
            ("NautilusTrader", nautilus_bars_per_second),
            ("backtrader", backtrader_bars_per_second)])
    return run, output, f"backtesting.py {VERSION} (tried: {others})"


serve({"event_sma": event_sma})
