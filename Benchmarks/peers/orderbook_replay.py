"""hftbacktest with its quicker book (a vector of ticks) over changes of a made-up book: every 100 ms the
strategy takes its orders back and quotes two ticks outside the best prices."""
import hftbacktest as hb
import numpy as np
from hftbacktest import (
    BUY_EVENT, DEPTH_EVENT, EXCH_EVENT, GTX, LIMIT, LOCAL_EVENT, SELL_EVENT, TRADE_EVENT,
    BacktestAsset, ROIVectorMarketDepthBacktest)
from hftbacktest.types import event_dtype
from numba import njit

from protocol import serve

TICK, EPOCH, INTERVAL = 0.1, 1_700_000_000_000_000_000, 100_000_000


@njit
def quote(hbt):
    k = 0
    while hbt.elapse(INTERVAL) == 0:
        depth = hbt.depth(0)
        hbt.clear_inactive_orders(0)
        k += 1
        if np.isnan(depth.best_bid) or np.isnan(depth.best_ask):
            continue
        orders = hbt.orders(0).values()
        while orders.has_next():
            order = orders.get()
            if order.cancellable:
                hbt.cancel(0, order.order_id, False)
        hbt.submit_buy_order(0, 2 * k, depth.best_bid - 2 * TICK, 1.0, GTX, LIMIT, False)
        hbt.submit_sell_order(0, 2 * k + 1, depth.best_ask + 2 * TICK, 1.0, GTX, LIMIT, False)


def events(columns):
    kind, time, tick, quantity = columns
    made = np.zeros(len(kind), dtype=event_dtype)
    what = np.where(kind >= 2, TRADE_EVENT, DEPTH_EVENT)
    side = np.where(kind % 2 == 0, BUY_EVENT, SELL_EVENT)
    made["ev"] = what | side | EXCH_EVENT | LOCAL_EVENT
    made["exch_ts"] = EPOCH + time.astype(np.int64)
    made["local_ts"] = made["exch_ts"] + 500_000
    made["px"] = tick * TICK
    made["qty"] = quantity
    return made


def orderbook_replay(inputs, threads):
    data = events(inputs[0])
    kept = [None]

    def run():
        asset = (
            BacktestAsset().data(data).linear_asset(1.0)
            .constant_order_latency(1_000_000, 1_000_000).risk_adverse_queue_model()
            .no_partial_fill_exchange().trading_value_fee_model(0.0, 0.0)
            .tick_size(TICK).lot_size(1.0).roi_lb(100.0).roi_ub(3000.0))
        hbt = ROIVectorMarketDepthBacktest([asset])
        quote(hbt)
        state = hbt.state_values(0)
        kept[0] = [state.num_trades, state.position, state.trading_volume, state.balance]
        hbt.close()

    return run, lambda: np.array(kept[0], dtype=np.float64), f"hftbacktest {hb.__version__}"


serve({"orderbook_replay": orderbook_replay})
