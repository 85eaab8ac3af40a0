"""Where a table lies in text: how its lines are split, and which of them are header and rows."""
