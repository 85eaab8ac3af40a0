"""Which type the texts of a column have."""
