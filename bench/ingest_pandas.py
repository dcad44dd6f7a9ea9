"""The features of lib/features in pandas, vectorised, as one would write them in a notebook.

usage: ingest_pandas.py orders.csv events.csv last_day some|all c|pyarrow     prints figures as JSON

`all` computes every column of docs/features.md and every rule of its ledger but the matching of returns, of which the made-up shop has
none; `some` leaves out what is less usual. `c` is the reader that read_csv takes where nobody names one, `pyarrow` the faster one.
The measured time ends before figures are summed up.
"""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

WINDOWS = (7, 30, 90, 365)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")
NON_PRODUCTS = {"POST", "POSTAGE", "SHIPPING", "DELIVERY", "CARRIAGE", "DOT", "MANUAL", "DISCOUNT", "SAMPLES", "TIP", "GIFT WRAP"}
TEXTS = ("customer_id", "order_id", "product", "session_id")
KINDS = ("category", "channel", "status", "event_type")
COLUMNS = (
    *("customer_id", "order_id", "ordered_at", "product", "category", "quantity", "unit_price", "channel", "status"),
    *("session_id", "occurred_at", "minutes", "event_type"),
)


def read(path, reader):
    """Text as strings, and kinds as categories."""
    types = {name: "str" for name in TEXTS} | {name: "category" for name in KINDS}
    present = [name for name in open(path).readline().strip().split(",") if name in COLUMNS]
    table = pd.read_csv(path, usecols=present, engine=reader, dtype={name: types[name] for name in present if name in types})
    at = "ordered_at" if "ordered_at" in table else "occurred_at"
    table["at"] = pd.to_datetime(table.pop(at)).astype("datetime64[s]").astype("int64")
    table["day"] = table["at"] // 86_400
    return table


def read_sales(path, newest_at, every, reader):
    lines = read(path, reader)
    lines = lines[lines["customer_id"].notna()]
    lines["amount"] = (lines["quantity"] * lines["unit_price"] * 100).round().astype("int64")
    lines = lines.drop_duplicates(["customer_id", "order_id", "at", "product", "quantity", "amount"])
    if every:
        lines = lines[(lines["status"] != "test") & (lines["at"] <= newest_at)]
        products = lines["product"].astype("category")
        goods = ~products.cat.categories.str.strip().str.upper().isin(NON_PRODUCTS)
        lines = lines[goods[products.cat.codes] | products.isna().to_numpy()]
    lines = lines[~lines["status"].isin(["cancelled", "unpaid"])]
    if (lines["status"] == "return").any() or (lines["quantity"] < 0).any() or (lines["amount"] < 0).any():
        raise NotImplementedError("the made-up shop has no returns")
    return lines


def orders_of(lines):
    """One row per customer, order and day, in the order of time."""
    lines["hour"] = lines["at"] % 86_400 // 3_600
    lines["channel"] = lines["channel"].astype("str").astype("category").cat.as_ordered()
    orders = (
        lines.groupby(["customer_id", "order_id", "day"], sort=False, dropna=False)
        .agg(value=("amount", "sum"), at=("at", "min"), hour=("hour", "min"), channel=("channel", "min"))
        .reset_index()
        .sort_values(["customer_id", "day", "at", "order_id"])
    )
    orders["gap"] = orders.groupby("customer_id", sort=False)["day"].diff()
    orders["repeat_gap"] = orders["gap"].where(orders["gap"] > 0)
    return orders


def order_features(orders, last_day, every):
    by = orders.groupby("customer_id", sort=False)
    found = by.agg(
        orders=("value", "size"),
        spend=("value", "sum"),
        order_value_mean=("value", "mean"),
        order_value_min=("value", "min"),
        order_value_max=("value", "max"),
        first_order_spend=("value", "first"),
        last_order_value=("value", "last"),
        first_day=("day", "first"),
        last_order_day=("day", "last"),
        frequency=("repeat_gap", "count"),
        gap_mean_days=("repeat_gap", "mean"),
        gap_std_days=("repeat_gap", "std"),
        last_gap_days=("repeat_gap", "last"),
    )
    found["age_days"] = last_day - found["first_day"]
    found["days_since_last"] = last_day - found["last_order_day"]
    found["recency_days"] = found["last_order_day"] - found["first_day"]
    ago = last_day - orders["day"]
    for days in (*WINDOWS, 60, 180) if every else WINDOWS:
        recent = orders[ago < days].groupby("customer_id", sort=False)["value"].agg(["sum", "size"])
        found[f"spend_{days}d"] = recent["sum"]
        found[f"orders_{days}d"] = recent["size"]
    weekdays = pd.crosstab(orders["customer_id"], (orders["day"] + 3) % 7).reindex(columns=range(7), fill_value=0)
    for day, name in enumerate(WEEKDAYS):
        found[f"{name}_share"] = weekdays[day] / found["orders"]
    parts = pd.crosstab(orders["customer_id"], orders["hour"] // 6).reindex(columns=range(4), fill_value=0)
    for part, name in enumerate(PARTS_OF_DAY):
        found[f"{name}_share"] = parts[part] / found["orders"]
    return with_less_usual(found, orders, by) if every else found


def with_less_usual(found, orders, by):
    first_day = by["day"].transform("first")
    found["repeat_spend"] = orders["value"].where(orders["day"] > first_day, 0).groupby(orders["customer_id"], sort=False).sum()
    found["last_gap_ratio"] = found["last_gap_days"] / found["gap_mean_days"]
    found["overdue_ratio"] = found["days_since_last"] / found["gap_mean_days"]
    for days in (30, 90):
        for name in ("spend", "orders"):
            both = found[f"{name}_{2 * days}d"].fillna(0)
            found[f"{name}_trend_{days}d"] = 2 * found[f"{name}_{days}d"].fillna(0) - both
    found["return_share"] = (found["spend"] * 0 / found["spend"]).where(found["spend"] > 0)
    found["discount_share"] = np.nan
    found["top_channel"] = most_frequent(orders, "channel")
    return found


def counts_of(rows, column):
    counts = rows.groupby(["customer_id", column], sort=False, observed=True).size()
    return counts.rename("lines").reset_index()


def most_frequent(rows, column):
    """Of several, the first by code point."""
    counts = counts_of(rows, column)
    counts[column] = counts[column].astype("str")
    ranked = counts.sort_values(["lines", column], ascending=[False, True]).drop_duplicates("customer_id")
    return ranked.set_index("customer_id")[column]


def variety(lines, column, plural):
    counts = counts_of(lines, column)
    counts["n_ln_n"] = counts["lines"] * np.log(counts["lines"])
    found = counts.groupby("customer_id", sort=False).agg(
        distinct=(column, "size"), lines=("lines", "sum"), n_ln_n=("n_ln_n", "sum"), top=("lines", "max")
    )
    return pd.DataFrame(
        {
            f"distinct_{plural}": found["distinct"],
            f"{column}_entropy": (np.log(found["lines"]) - found["n_ln_n"] / found["lines"]).clip(lower=0),
            f"top_{column}_share": found["top"] / found["lines"],
        }
    )


def browsing_features(path, last_day, reader):
    events = read(path, reader)
    events = events[events["customer_id"].notna()]
    events["ago"] = last_day - events["day"]
    events["cart"] = events["event_type"] == "cart"
    found = events.groupby("customer_id", sort=False).agg(browse_recency_days=("ago", "min"))
    for days in (7, 30, 90):
        recent = events[events["ago"] < days]
        sessions = recent.drop_duplicates(["customer_id", "session_id", "ago"]).groupby("customer_id", sort=False)["ago"]
        sums = recent.groupby("customer_id", sort=False).agg(minutes=("minutes", "sum"), carts=("cart", "sum"))
        found[f"browse_minutes_{days}d"] = sums["minutes"]
        found[f"carts_{days}d"] = sums["carts"]
        found[f"browse_sessions_{days}d"] = sessions.size()
        found[f"browse_days_{days}d"] = sessions.nunique()
    return found


def features(orders_path, events_path, last_day, every, reader):
    lines = read_sales(orders_path, (last_day + 2) * 86_400, every, reader)
    found = order_features(orders_of(lines), last_day, every)
    found = found.join(variety(lines, "product", "products")).join(variety(lines, "category", "categories"))
    if every:
        found["top_category"] = most_frequent(lines, "category")
    del lines
    found = found.join(browsing_features(events_path, last_day, reader), how="outer")
    counted = [name for name in found if name.startswith(("spend", "orders", "browse_", "carts", "distinct", "frequency", "repeat_spend"))]
    counted = [name for name in counted if name != "browse_recency_days"]
    found[counted] = found[counted].fillna(0)
    return found.drop(columns=["first_day", "last_order_day"])


def main(orders_path, events_path, last_day, which, reader):
    began = time.perf_counter()
    found = features(orders_path, events_path, last_day, which == "all", reader)
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    texts = [name for name in ("top_category", "top_channel") if name in found]
    totals = {name: float(found[name].count() if name in texts else found[name].sum()) for name in found}
    sample = found[found.index.str.endswith("00")].astype(object)
    sample = sample.where(sample.notna(), None)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpuSeconds": used.ru_utime + used.ru_stime,
                "peakMb": used.ru_maxrss / 1024,
                "customers": len(found),
                "totals": totals,
                "sample": {str(customer): dict(row) for customer, row in zip(sample.index, sample.to_dict("records"))},
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
