"""Fits one engine of scikit-learn or XGBoost: `train_peers.py <engine> <directory> <threads>`; prints what it took."""

import json
import os
import sys
import time

engine, directory, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.environ["OMP_NUM_THREADS"] = str(threads)

import numpy

columns = 12
if engine == "forest":
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(n_estimators=100, min_samples_leaf=20, n_jobs=threads, random_state=7)
else:
    from xgboost import XGBClassifier

    model = XGBClassifier(
        n_estimators=100, max_leaves=31, grow_policy="lossguide", max_depth=0, learning_rate=0.1,
        tree_method="hist", max_bin=256, reg_lambda=1, min_child_weight=1, n_jobs=threads, random_state=7,
    )  # fmt: skip


def read(name):
    X = numpy.fromfile(os.path.join(directory, f"{name}.f64")).reshape(-1, columns)
    return X, numpy.fromfile(os.path.join(directory, f"{name}.u8"), dtype=numpy.uint8)


X, y = read("train")
start, cpu = time.perf_counter(), time.process_time()
model.fit(X, y)
seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
path = os.path.join(directory, f"peer-{engine}.f64")
X_test, _ = read("test")
model.predict_proba(X_test)[:, 1].astype(numpy.float64).tofile(path)
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "peakMb": peak / 1024, "predictions": path}))
