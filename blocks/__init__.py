"""Prefect blocks: what a deployment keeps in Prefect instead of in the environment."""
