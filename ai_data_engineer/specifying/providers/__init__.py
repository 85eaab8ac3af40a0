"""Who can be asked for a specification: one module each, behind one protocol."""

from ai_data_engineer.specifying.providers.registry import provider_for

__all__ = ["provider_for"]
