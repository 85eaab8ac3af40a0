"""No personal data and no secret reaches a model, whatever a file is like."""
