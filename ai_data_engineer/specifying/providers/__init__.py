"""Who can be asked for a specification: one module each, behind one protocol."""
