"""Runs a rendered project on its sample and puts it into a bundle."""
