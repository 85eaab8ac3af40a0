"""The tables of files that are not text: Avro, Parquet and workbooks."""
