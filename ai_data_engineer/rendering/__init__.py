"""Turns a valid spec into a project that a person can read, run and change."""
