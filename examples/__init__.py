"""A small shop's orders and customers, with the dirt that such files have, and a demonstration."""
