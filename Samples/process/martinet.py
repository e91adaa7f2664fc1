"""Strategies for martinet in Python: standard library only.

    from martinet import Strategy, run

    class Mine(Strategy):
        name = "mine"
        warm_up = 20

        def on_bars(self, desk):
            for symbol in desk.bars:
                closes = desk.history[symbol].close[-20:]
                desk.hold(symbol, 1 if closes[-1] > sum(closes) / len(closes) else 0)

    run(Mine())

martinet writes a line of JSON to this program when something became known and reads a line of acts in
answer. Nothing later than `desk.time` is in this program's reach. Print to sys.stderr, never to
sys.stdout: that is where the answers go. docs/PROCESSES.md describes the lines.
"""

import json
import sys
import traceback
from collections import namedtuple

VERSION = 1

Bar = namedtuple("Bar", "open high low close volume")
Fill = namedtuple("Fill", "symbol quantity price")


class History:
    """The numbers of a symbol's bars known so far, oldest first."""

    __slots__ = ("open", "high", "low", "close", "volume")

    def __init__(self):
        self.open, self.high, self.low, self.close, self.volume = [], [], [], [], []

    def append(self, bar):
        self.open.append(bar[0])
        self.high.append(bar[1])
        self.low.append(bar[2])
        self.close.append(bar[3])
        self.volume.append(bar[4])

    def __len__(self):
        return len(self.close)


class Desk:
    """What is known by now, and through which orders are given."""

    def __init__(self, symbols, series, capital):
        self.symbols = symbols
        self.capital = capital
        self.time = 0  # UTC nanoseconds: when the newest bars became known
        self.equity = capital
        self.cash = capital
        self.bars = {}  # symbol -> Bar, of those that have one at this time
        self.fills = []  # since the last bars
        self.history = {symbol: History() for symbol in symbols}
        self._series = [symbols[place] for place in series]
        self._places = {symbol: place for place, symbol in enumerate(symbols)}
        self._positions = [0.0] * len(symbols)
        self._acts = []

    def position(self, symbol):
        """Units held; below zero where more was sold than bought."""
        return self._positions[self._places[symbol]]

    def hold(self, symbol, part):
        """Trades what is missing to hold a part (-1 to 1) of the symbol's equal share of the account."""
        self._acts.append(["hold", self._places[symbol], part])

    def weigh(self, symbol, part):
        """The same with a part of the whole account."""
        self._acts.append(["weigh", self._places[symbol], part])

    def order(self, symbol, quantity, limit=None, stop=None):
        """Buys, or sells where the quantity is below zero: at the next open, at a limit, or at a stop."""
        place = self._places[symbol]
        if limit is not None:
            self._acts.append(["limit", place, quantity, limit])
        elif stop is not None:
            self._acts.append(["stop", place, quantity, stop])
        else:
            self._acts.append(["market", place, quantity])

    def cancel(self, symbol):
        """Takes back whatever was ordered of it and is not filled."""
        self._acts.append(["cancel", self._places[symbol]])

    def _take(self, message):
        self.time, self.equity, self.cash, bars, self._positions, fills = message
        self.bars = {}
        for series, *bar in bars:
            symbol = self._series[series]
            self.history[symbol].append(bar)
            self.bars[symbol] = Bar(*bar)
        self.fills = [Fill(self.symbols[place], *fill) for place, *fill in fills] if fills else []


class Strategy:
    """Decides at each instant at which bars became known."""

    name = "python"
    warm_up = 0  # bars that must be known before it can decide

    def on_start(self, desk):
        """Once, with the bars that are known before the first day."""

    def on_bars(self, desk):
        raise NotImplementedError("on_bars")


def run(strategy):
    """Answers martinet until it has no more to say."""
    read, write, flush = sys.stdin.buffer.readline, sys.stdout.buffer.write, sys.stdout.buffer.flush
    sys.stdout = sys.stderr  # What a strategy prints must not be taken for an answer.
    load, dump = json.loads, json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
    desk = None
    while True:
        line = read()
        if not line:
            return
        message = load(line)
        try:
            if type(message) is list:
                desk._take(message)
                strategy.on_bars(desk)
                acts = desk._acts
                if acts:
                    answer = dump(acts).encode()
                    desk._acts = []
                else:
                    answer = b"[]"
            elif "martinet" in message:
                answer = dump(
                    {"martinet": VERSION, "name": strategy.name, "warm_up": strategy.warm_up}
                ).encode()
            else:
                desk = Desk(message["symbols"], message["series"], message["capital"])
                for symbol, bars in zip(desk._series, message["history"]):
                    for bar in bars:
                        desk.history[symbol].append(bar)
                strategy.on_start(desk)
                answer = b"[]"
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            answer = json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()
        write(answer + b"\n")
        flush()
