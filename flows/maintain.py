"""What keeps the system well, every night: clearing up, a backup, a look at the keys."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from ai_data_engineer.maintenance import MaintainRequest
from deployments.maintaining import PARTS, outcome_of, report
from tasks import events
from tasks.observing import observed
from tasks.redaction import guard_logs, redacted
from tasks.stages import FLOW


@flow(name="maintain", **FLOW | {"persist_result": False})
@observed
@redacted
def maintain(request: MaintainRequest = MaintainRequest()) -> State[Any]:  # noqa: B008
    """Clear up, back up and check the keys; each part by itself, whatever becomes of the others."""
    guard_logs()
    outcomes = {part.name: outcome_of(part, request) for part in PARTS}

    freed = sum(one.freed_bytes for one in outcomes.values())
    report(outcomes, freed, request)
    endings: dict[str, str] = {name: one.outcome for name, one in outcomes.items()}
    events.maintenance_completed(str(flow_run.id), endings, freed, dry_run=request.dry_run)

    told = f"{'Would free' if request.dry_run else 'Freed'} {freed:,} bytes."
    if failed := [name for name, ending in endings.items() if ending == "failed"]:
        return Failed(message=f"{told} Failed: {', '.join(failed)}; the others are done.")
    return Completed(message=told)
