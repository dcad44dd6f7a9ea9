"""Seconds that pandas.read_csv takes for a file, once per round: `pandas_read_csv.py <file> <rounds>`."""

import json
import sys
import time

import pandas

path, rounds = sys.argv[1], int(sys.argv[2])
seconds = []
for _ in range(rounds):
    start = time.perf_counter()
    rows = len(pandas.read_csv(path))
    seconds.append(time.perf_counter() - start)
print(json.dumps({"rows": rows, "seconds": seconds}))
