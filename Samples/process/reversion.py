"""Buys what fell more than two deviations below its mean, and sells it back at the mean.

    martinet backtest --process python3,Samples/process/reversion.py --symbols SPY,QQQ --data Samples/daily
"""

from math import sqrt

from martinet import Strategy, run


class Reversion(Strategy):
    name = "reversion in Python"
    warm_up = 20

    def __init__(self, bars=20, distance=2.0):
        self.bars, self.distance = bars, distance
        self.sums = {}  # symbol -> [sum, sum of squares] of the last closes

    def on_start(self, desk):
        for symbol, history in desk.history.items():
            self.sums[symbol] = [0.0, 0.0]
            for row in range(len(history)):
                self.add(symbol, history.close, row)

    def add(self, symbol, close, row):
        sums = self.sums[symbol]
        new, old = close[row], close[row - self.bars] if row >= self.bars else 0.0
        sums[0] += new - old
        sums[1] += new * new - old * old

    def on_bars(self, desk):
        for symbol, bar in desk.bars.items():
            close = desk.history[symbol].close
            self.add(symbol, close, len(close) - 1)
            if len(close) < self.bars:
                continue
            total, squares = self.sums[symbol]
            mean = total / self.bars
            deviation = sqrt(max(0.0, squares / self.bars - mean * mean))
            held = desk.position(symbol)
            if not held and bar.close < mean - self.distance * deviation:
                desk.hold(symbol, 1)
            elif held and bar.close > mean:
                desk.hold(symbol, 0)


run(Reversion())
