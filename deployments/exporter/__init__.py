"""Figures and readiness for Prometheus and load balancers: `python -m deployments.exporter`.

Runs are short and on many machines; they leave their figures in the shared store, and this one
process serves the sums. It keeps nothing itself: several may run, and any may be restarted.
"""
