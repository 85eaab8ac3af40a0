"""Files that arrive in folders and buckets: each told of once."""
