"""Where data lies, what it is, and how much of it is read."""
