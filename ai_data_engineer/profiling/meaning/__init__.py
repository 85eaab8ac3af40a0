"""What the values of a column mean."""
