"""What may be cleared up, and how: on this machine, in a folder or on S3."""
