"""Small tables in DuckDB, for tests of the Ibis expressions."""

import ibis
import pandas as pd


def tables(**frames):
    """Register frames under their names and give them as Ibis tables."""
    engine = ibis.duckdb.connect()
    engine.raw_sql("SET threads = 1")
    for name, frame in frames.items():
        engine.con.register(name, frame)
    return {name: engine.table(name) for name in frames}


def made(expression):
    """Work an expression out."""
    return expression.to_pyarrow().to_pandas()


def observations(rows, **common):
    """Fill rows up to what the load expressions read."""
    usual = {
        "outlet": "o",
        "substance": "COD",
        "year": 2025,
        "is_censored": False,
        "concentration_mg_l": None,
        "flow_m3_d": 100.0,
        "days": 300.0,
        "load_kg_a": None,
        "suspect": "",
    }
    frame = pd.DataFrame([{**usual, **common, **row} for row in rows])
    numbers = ["concentration_mg_l", "flow_m3_d", "days", "load_kg_a"]
    texts = ["outlet", "substance", "suspect"]
    return frame.astype(
        dict.fromkeys(numbers, "float64") | dict.fromkeys(texts, "str") | {"is_censored": "bool"}
    )
