"""A pipeline that is in use, and whether its sources still are what it was made for."""

from ai_data_engineer.refreshing.in_use import InUse, Proposal, key_of
from ai_data_engineer.refreshing.standing import Standing, standing
from ai_data_engineer.refreshing.touched import touched

__all__ = ["InUse", "Proposal", "Standing", "key_of", "standing", "touched"]
