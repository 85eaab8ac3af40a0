"""Values that a model may be shown when a person has asked for examples."""
