# SPDX-License-Identifier: MIT
"""Writes arrays of every numeric type with numpy.save, and what NumPy says of each.

usage: numpy_arrays.py FOLDER; FOLDER/expected.tsv gets one line per file: name, dtype, shape, count, NaN count,
sum, mean, std, min, max. Integers are decimal, floating point is hexadecimal, complex numbers are two fields by ','.
"""
import sys
import warnings

import numpy as np

SIZES = [0, 1, 2, 3, 4, 7, 8, 9, 63, 64, 65, 127, 128, 129, 1000, 8191, 8192, 8193, 16384, 30007, 65601,
         100000, 140003]
SHAPES = [(), (1, 1, 1), (3, 5, 7), (17, 33, 129), (2, 8193), (8193, 2), (3, 0, 2)]
KINDS = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
random = np.random.default_rng(20201)


def text(value):
    if isinstance(value, int):
        return str(value)
    if isinstance(value, complex):
        return float(value.real).hex() + "," + float(value.imag).hex()
    return float(value).hex()


def sample(kind, shape):
    letter, size = kind[0], int(kind[1:])
    if letter == "b":
        return random.integers(0, 2, shape).astype("b1")
    if letter in "iu":
        limits = np.iinfo(kind)
        return random.integers(limits.min, limits.max, shape, dtype=kind, endpoint=True)
    if letter == "f":
        scale = 1e3 if size == 2 else 1e6
        return np.asarray(random.normal(1, scale, shape)).astype(kind)
    return np.asarray(random.normal(1, 1e6, shape) + 1j * random.normal(-3, 10, shape)).astype(kind)


def special(kind):
    nan, inf = np.nan, np.inf
    rows = [[0.0], [-0.0], [-0.0] * 9, [0.0, -0.0] * 65, [nan], [1, nan], [inf], [-inf], [inf, -inf], [inf, 1, 2],
            [nan, inf, -1] * 50, [5e-324, 1e308, 1e308, -1e308], [1e308] * 300]
    rows += [[1.0] * 5000 + [nan] + [2.0] * 12000, [-1.0] * 9000 + [inf], [nan] * 20000]
    for row in rows:
        yield np.array(row).astype(kind)
    if kind[0] == "f":
        info = np.finfo(kind)
        yield np.array([info.max, info.min, info.tiny, info.tiny / 2], dtype=kind)
    else:
        for row in ([complex(nan, 1), complex(2, 3)], [complex(1, nan), 2], [1, complex(3, nan), complex(nan, 2)],
                    [complex(inf, 1), 2], [complex(1, inf)], [complex(1, -2), complex(1, 2), complex(1, 0)],
                    [complex(0.1, 0.2)] * 3, [complex(-inf, inf), complex(inf, inf)]):
            yield np.array(row, dtype=kind)


def exact(array):
    """Sum, min and max of integers as Python's integers."""
    if array.size == 0:
        return 0, float("nan"), float("nan")
    values = array.ravel().tolist()
    return int(sum(values)), int(min(values)), int(max(values))


def facts(array):
    letter = array.dtype.kind
    wide = "f8" if letter == "f" else None
    if letter == "c":
        array = array.astype("c16")  # np.std(dtype="c16") would add the squares as complex numbers
    mean, std = np.mean(array, dtype=wide), np.std(array, dtype=wide)
    nans = 0
    if letter in "biu":
        total, low, high = exact(array)
    else:
        nans = int(np.isnan(array).sum())
        total = np.sum(array, dtype=wide).item()
        low, high = (array.min().item(), array.max().item()) if array.size else (float("nan"), float("nan"))
    if array.size == 0:
        mean = std = np.float64("nan")
    return [str(nans)] + [text(value) for value in (total, mean.item(), std.item(), low, high)]


def arrays():
    for kind in KINDS:
        for order in "<>":
            dtype = np.dtype(order + kind)
            for size in SIZES:
                yield sample(kind, (size,)).astype(dtype)
            for shape in SHAPES:
                array = np.asarray(sample(kind, shape)).astype(dtype)
                yield array
                if array.ndim > 1:
                    yield np.asfortranarray(array)
        if kind[0] in "fc":
            yield from special(kind)


def main(folder):
    warnings.simplefilter("ignore")
    with open(folder + "/expected.tsv", "w", encoding="ascii") as table:
        for index, array in enumerate(arrays()):
            name = f"{index:04d}.npy"
            np.save(f"{folder}/{name}", array)
            shape = "x".join(map(str, array.shape))
            line = [name, array.dtype.str, shape, str(array.size)] + facts(array)
            table.write("\t".join(line) + "\n")


main(sys.argv[1])
