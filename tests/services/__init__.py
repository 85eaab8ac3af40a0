"""Real servers on this machine, to be started, stopped and killed: PostgreSQL, Prefect, S3."""
