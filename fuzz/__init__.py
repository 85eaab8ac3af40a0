"""Coverage-guided fuzzing of every reader: `make fuzz`, or `python -m fuzz csv --seconds 600`."""
