# SPDX-License-Identifier: MIT
"""The answers of pandas: pandas_query.py TABLE.csv < expressions, one per line.

Prints for each the kept row numbers, or `error`. Exits with 77 where there is no pandas.
"""
import sys
import warnings

try:
    import pandas
except ImportError:
    sys.exit(77)

warnings.simplefilter("ignore")
frame = pandas.read_csv(sys.argv[1], low_memory=False, float_precision="round_trip")
for line in sys.stdin:
    try:
        kept = frame.query(line.rstrip("\n"), engine="python")
        print(*kept.index)
    except Exception:
        print("error")
