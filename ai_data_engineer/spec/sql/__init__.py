"""SQL for DuckDB and Spark, built as a syntax tree and never as text.

An expression or a step says once what it computes, in terms of a `Dialect`: plain nodes (`a + b`,
CASE, a call) where both engines mean the same by them, a method of the dialect where they differ.
`nodes.generate` turns a tree into text and refuses every node and function that is not listed, so
nothing reaches an engine that no test has seen there.

* A function or operator of the expression language gives `derived(…, sql=lambda d: …)` beside its
  polars source: the SQL of its parts is `part.sql(d)`, or `part.done.sql(d)` where the polars
  source uses `.expr`, `.argument` or `.done`. It is called anew for each use of the part, since a
  node of a tree has one parent.
* An operator has `sql(inputs, dialect) -> StepSql`: `relations.row_wise` for columns changed row by
  row, `projected` for exactly these columns, `select` for the rest. The order of the rows is data:
  `StepSql.order` says by which columns it is told, hidden ones (`__…`) are carried along.
* Where the engines differ, `Dialect` gets a method with one meaning, and each engine its way to it.
* A node goes on `nodes.NODES`, a function on the engine's `functions`, when a case uses it.
* `tests/engines.py` runs every case of the tests of operators and expressions on the engines that
  `--engines` names, and holds rows, order, types and rejects against polars.
"""
