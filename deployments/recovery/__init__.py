"""Backup and restore of what a Prefect server is configured with."""
