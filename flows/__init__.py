"""What a person, a schedule or an event starts: one file a flow, the chain readable in it.

Flows import tasks, tasks import the core; nothing imports the other way.
"""
