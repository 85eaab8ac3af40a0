"""From profiles and a goal in words to a proposed spec: by a model, or by the offline planner."""
