"""Fits what scikit-learn offers, by the steps of our fit: `scikit_learn.py <file> <label> <ignored column> <held-out rows>`.

Both candidates without the held-out rows, compared on those by log-loss, the better one again on all rows.
"""

import json
import sys
import time

import pandas
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

path, label, ignored, held_out_path = sys.argv[1:5]
table = pandas.read_csv(path)
with open(held_out_path) as file:
    held_out = table.index.isin(json.load(file))
y = table.pop(label).astype(str).str.lower().isin(["true", "yes", "1"]).astype(int)
X = table.drop(columns=ignored, errors="ignore")
numeric = [name for name in X.columns if pandas.api.types.is_numeric_dtype(X[name])]
categorical = [name for name in X.columns if name not in numeric]


def pipeline(classifier):
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numeric),
            (OneHotEncoder(handle_unknown="ignore"), categorical),
        ),
        classifier,
    )


engines = {
    "logisticRegression": lambda: pipeline(LogisticRegression(max_iter=1000)),
    "randomForest": lambda: pipeline(RandomForestClassifier(random_state=7)),
}
start = time.perf_counter()
X_fitted, X_held, y_fitted, y_held = X[~held_out], X[held_out], y[~held_out], y[held_out]
candidates = []
for name, engine in engines.items():
    probability = engine().fit(X_fitted, y_fitted).predict_proba(X_held)[:, 1]
    candidates.append(
        {"engine": name, "rocAuc": roc_auc_score(y_held, probability), "logLoss": log_loss(y_held, probability)}
    )
winner = min(candidates, key=lambda candidate: candidate["logLoss"])
engines[winner["engine"]]().fit(X, y)
print(json.dumps({"seconds": time.perf_counter() - start, "candidates": candidates, "winner": winner["engine"]}))
