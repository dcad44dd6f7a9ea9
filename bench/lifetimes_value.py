"""Fits and predicts with lifetimes: `lifetimes_value.py <histories.csv> <also Pareto/NBD: yes or no>`. Prints seconds as JSON."""

import json
import sys
import time
import warnings

import lifetimes
import pandas
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

warnings.filterwarnings("ignore")
path, with_pareto = sys.argv[1:3]
table = pandas.read_csv(path)
x, t_x, T = table.frequency, table.recency, table.age
seconds = {}


def timed(name, work):
    begin = time.perf_counter()
    result = work()
    seconds[name] = time.perf_counter() - begin
    return result


bg = timed("BG/NBD", lambda: BetaGeoFitter().fit(x, t_x, T))
mbg = timed("MBG/NBD", lambda: ModifiedBetaGeoFitter().fit(x, t_x, T))
gg = timed("Gamma-Gamma", lambda: GammaGammaFitter().fit(table.orders, table.mean_value))
if with_pareto == "yes":
    timed("Pareto/NBD", lambda: ParetoNBDFitter().fit(x, t_x, T))


def predict():
    alive = mbg.conditional_probability_alive(x, t_x, T)
    month = mbg.conditional_expected_number_of_purchases_up_to_time(30, x, t_x, T)
    year = [mbg.conditional_expected_number_of_purchases_up_to_time(30.4375 * n, x, t_x, T) for n in range(1, 13)]
    value = gg.conditional_expected_average_profit(table.orders, table.mean_value)
    return alive, month, year, value


year = timed("predictions", predict)[2]
print(
    json.dumps(
        {
            "version": lifetimes.__version__,
            "seconds": seconds,
            "parameters": {"BG/NBD": list(bg.params_), "MBG/NBD": list(mbg.params_), "Gamma-Gamma": list(gg.params_)},
            "expectedPurchases": float(year[-1].sum()),
        }
    )
)
