"""Upper tails of the gamma and F distributions to 20 digits: truth for test/numeric/distributionTails.test.ts.

From the project's top folder: python3 test/reference/distributionTails.py  (mpmath 1.3.0, 60 digits; R's own pgamma is off by
up to 2e-11 at these shapes). Columns: gamma: shape, x, P(X > x); f: df1, df2, x, P(X > x).
"""
import json
import mpmath as m

m.mp.dps = 60
DEVIATES = [-8, -3, -1, -0.01, 0, 0.01, 0.5, 1, 2, 5, 12, 30, 36]


def gamma_rows():
    for a in [0.1, 0.5, 1, 1.5, 5, 9.5, 10, 30, 500, 1200, 2500, 1e4, 1e5, 1e6]:
        for z in DEVIATES:
            x = a + z * a**0.5
            if x <= 0:
                x = a * 10.0**z
            tail = m.gammainc(m.mpf(a), m.mpf(x), m.inf, regularized=True)
            if tail > 1e-300:
                yield [a, x, float(m.nstr(tail, 20))]


def f_rows():
    for df1 in [0.5, 1, 2, 5, 30, 200, 2000]:
        for df2 in [0.5, 2.5, 10, 60, 500, 1e4, 1e6]:
            for x in [1e-6, 0.5, 1, 1.1, 2, 10, 300]:
                share = m.mpf(df2) / (m.mpf(df2) + m.mpf(df1) * m.mpf(x))
                try:
                    tail = m.betainc(m.mpf(df2) / 2, m.mpf(df1) / 2, 0, share, regularized=True)
                except (m.libmp.NoConvergence, ValueError):
                    continue
                if tail > 1e-300:
                    yield [df1, df2, x, float(m.nstr(tail, 20))]


with open("test/reference/fixtures/distributionTails.json", "w") as out:
    json.dump({"mpmath": m.__version__, "gamma": list(gamma_rows()), "f": list(f_rows())}, out, separators=(",", ":"))
    out.write("\n")
