"""Where the expressions are worked out: DuckDB in this process, or a Spark cluster."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from renvand.errors import Fault, FileError

if TYPE_CHECKING:
    import pandas as pd

Table: TypeAlias = Any  # an Ibis table: its columns have no static types
Backend: TypeAlias = Any  # an Ibis backend

DUCKDB = "duckdb"
MASTERS = ("spark://", "local", "yarn", "k8s://")  # how the name of a Spark cluster begins
MEMORY = "700MB"  # DuckDB spills to disk beyond; the peak of the process stays below 1 GB


@contextmanager
def connected(engine: str = DUCKDB) -> Generator[Backend]:
    """Open an engine, and close it again.

    Parameters
    ----------
    engine : str
        'duckdb', or the master of a Spark cluster: 'spark://host:7077', 'yarn', 'k8s://…',
        'local[2]'.

    Raises
    ------
    FileError
        When the engine is not known, not installed, or cannot be reached.
    """
    if engine == DUCKDB:
        import ibis

        opened = ibis.duckdb.connect()
        opened.raw_sql("SET threads = 1")  # sums in one order: the same bytes each time
        opened.raw_sql(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        try:
            with _uncollected():
                yield opened
        finally:
            opened.disconnect()
    elif engine.startswith(MASTERS):
        with spark(engine) as session:
            import ibis

            yield ibis.pyspark.connect(session)
    else:
        do = "Write duckdb, spark://host:7077, yarn, k8s://… or local[2]."
        raise FileError(Fault(where="engine", what=f"'{engine}' is not known.", do=do))


@contextmanager
def _uncollected() -> Generator[None]:
    """Keep Python's collector from going through the large trees of expressions again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def spark(master: str, *, jars: str = "") -> Generator[Any]:
    """Start a session on a cluster, and stop it again.

    Parameters
    ----------
    master : str
        See :func:`connected`.
    jars : str
        Archive that the cluster needs beside.

    Raises
    ------
    FileError
        When Spark is not installed or cannot be reached.
    """
    with warnings.catch_warnings():
        # it uses what pandas 3 means to drop; tables are handed over as Arrow
        warnings.filterwarnings("ignore", module="pyspark")
        yield from _session(master, jars)


def _session(master: str, jars: str) -> Generator[Any]:
    try:
        from pyspark.errors import PySparkException  # pyright: ignore[reportMissingImports]  # extra
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError as error:
        do = "Install renvand[cluster]."
        raise FileError(Fault(where="engine", what="pyspark is not installed.", do=do)) from error
    builder = (
        SparkSession.builder.master(master)
        .appName("renvand")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")  # nothing divided by nothing is nothing
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
    )
    if jars:
        builder = builder.config("spark.jars", jars)
    if master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1").config(
            "spark.driver.bindAddress", "127.0.0.1"
        )
    try:
        session = builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        what = f"'{master}' cannot be reached: {str(error).splitlines()[0]}"
        do = "Check the address, and that Java 17 or later is installed."
        raise FileError(Fault(where="engine", what=what, do=do)) from error
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def given(backend: Backend, frames: Mapping[str, pd.DataFrame]) -> dict[str, Table]:
    """Hand frames to an engine under their names.

    Parameters
    ----------
    backend : Ibis backend
        From :func:`connected`.
    frames : mapping of str to DataFrame
        Typed columns; a cell that is not known is NaN or None.
    """
    for name, frame in frames.items():
        if backend.name == DUCKDB:
            backend.con.register(name, frame)
        else:
            import pyarrow as pa
            from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

            rows = pa.Table.from_pandas(frame, preserve_index=False)
            session = SparkSession.getActiveSession()
            assert session is not None
            session.createDataFrame(rows).createOrReplaceTempView(name)
    return {name: backend.table(name) for name in frames}
