"""State that runs share: files for one machine, Redis for several."""
