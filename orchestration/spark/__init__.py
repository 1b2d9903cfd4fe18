"""The row stage on Apache Spark: the cells of unread deliveries, by the same models, before the night on DuckDB."""
