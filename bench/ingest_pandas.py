"""The features of lib/features that pandas computes with plain group-bys, as one would write them in a notebook.

usage: ingest_pandas.py orders.csv events.csv last_day     prints figures as JSON
"""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

WINDOWS = (7, 30, 90, 365)


def read_orders(path):
    orders = pd.read_csv(path, dtype={name: "str" for name in ("customer_id", "order_id", "product", "category")})
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"], format="%Y-%m-%d %H:%M:%S")
    orders = orders[orders["customer_id"].notna()]
    orders["amount"] = (orders["quantity"] * orders["unit_price"] * 100).round().astype("int64")
    orders = orders.drop_duplicates(["customer_id", "order_id", "ordered_at", "product", "quantity", "amount"])
    orders = orders[orders["status"] == "completed"]
    orders["day"] = days_of(orders["ordered_at"])
    orders["hour"] = orders["ordered_at"].dt.hour
    return orders


def days_of(times):
    return (times.dt.normalize() - pd.Timestamp("1970-01-01")).dt.days


def order_features(lines, last_day):
    orders = (
        lines.groupby(["customer_id", "order_id", "day"], sort=False)
        .agg(value=("amount", "sum"), at=("ordered_at", "min"), hour=("hour", "min"))
        .reset_index()
        .sort_values(["customer_id", "day", "at", "order_id"])
    )
    orders["gap"] = orders.groupby("customer_id")["day"].diff()
    orders["repeat_gap"] = orders["gap"].where(orders["gap"] > 0)
    orders["ago"] = last_day - orders["day"]
    by = orders.groupby("customer_id")
    found = by.agg(
        orders=("value", "size"),
        spend=("value", "sum"),
        order_value_mean=("value", "mean"),
        order_value_min=("value", "min"),
        order_value_max=("value", "max"),
        first_order_spend=("value", "first"),
        last_order_value=("value", "last"),
        first_day=("day", "min"),
        last_order_day=("day", "max"),
        frequency=("repeat_gap", "count"),
        gap_mean_days=("repeat_gap", "mean"),
        gap_std_days=("repeat_gap", "std"),
        last_gap_days=("repeat_gap", "last"),
    )
    found["age_days"] = last_day - found["first_day"]
    found["days_since_last"] = last_day - found["last_order_day"]
    found["recency_days"] = found["last_order_day"] - found["first_day"]
    for days in WINDOWS:
        recent = orders[orders["ago"] < days].groupby("customer_id")["value"].agg(["sum", "size"])
        found[f"spend_{days}d"] = recent["sum"]
        found[f"orders_{days}d"] = recent["size"]
    shares = pd.crosstab(orders["customer_id"], (orders["day"] + 3) % 7, normalize="index")
    found = found.join(shares.add_prefix("weekday_"))
    parts = pd.crosstab(orders["customer_id"], orders["hour"] // 6, normalize="index")
    return found.join(parts.add_prefix("part_of_day_"))


def variety(lines, column):
    counts = lines.groupby(["customer_id", column], sort=False).size().reset_index(name="lines")
    counts["n_ln_n"] = counts["lines"] * np.log(counts["lines"])
    found = counts.groupby("customer_id").agg(
        distinct=(column, "size"), lines=("lines", "sum"), n_ln_n=("n_ln_n", "sum"), top=("lines", "max")
    )
    return pd.DataFrame(
        {
            f"distinct_{column}": found["distinct"],
            f"{column}_entropy": np.log(found["lines"]) - found["n_ln_n"] / found["lines"],
            f"top_{column}_share": found["top"] / found["lines"],
        }
    )


def browsing_features(path, last_day):
    events = pd.read_csv(path, dtype={"customer_id": "str", "session_id": "str"})
    events["occurred_at"] = pd.to_datetime(events["occurred_at"], format="%Y-%m-%d %H:%M:%S")
    events["ago"] = last_day - days_of(events["occurred_at"])
    events["cart"] = events["event_type"] == "cart"
    found = events.groupby("customer_id").agg(browse_recency_days=("ago", "min"))
    for days in (7, 30, 90):
        recent = events[events["ago"] < days]
        sessions = recent.drop_duplicates(["customer_id", "session_id", "ago"]).groupby("customer_id")["ago"]
        sums = recent.groupby("customer_id").agg(minutes=("minutes", "sum"), carts=("cart", "sum"))
        found[f"browse_minutes_{days}d"] = sums["minutes"]
        found[f"carts_{days}d"] = sums["carts"]
        found[f"browse_sessions_{days}d"] = sessions.size()
        found[f"browse_days_{days}d"] = sessions.nunique()
    return found


def main(orders_path, events_path, last_day):
    began = time.perf_counter()
    lines = read_orders(orders_path)
    found = order_features(lines, last_day)
    found = found.join(variety(lines, "product")).join(variety(lines, "category"))
    found = found.join(browsing_features(events_path, last_day), how="outer")
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    totals = {name: float(found[name].sum()) for name in TOTALED}
    sample = found[found.index.str.endswith("00")][TOTALED].astype(float).fillna(0)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpuSeconds": used.ru_utime + used.ru_stime,
                "peakMb": used.ru_maxrss / 1024,
                "customers": len(found),
                "totals": totals,
                "sample": dict(zip(sample.index, sample.to_numpy().tolist())),
            }
        )
    )


TOTALED = [
    *("orders", "spend", "frequency", "recency_days", "last_order_value", "gap_std_days", "spend_90d", "orders_365d"),
    *("product_entropy", "category_entropy", "browse_minutes_90d", "browse_sessions_30d", "browse_days_90d", "carts_30d"),
]

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
