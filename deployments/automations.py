"""Automations as a file says: `python -m deployments.automations` brings them to the server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import yaml
from prefect.client.orchestration import PrefectClient, get_client
from prefect.events.schemas.automations import AutomationCore

from deployments.local.written import Written

FILE = Path(__file__).with_name("automations.yaml")


def definitions(file: Path = FILE) -> list[dict[str, Any]]:
    """Return the automations of the file, as they are written there."""
    read: list[dict[str, Any]] = yaml.safe_load(file.read_text())["automations"]
    return read


def blocks_named(definition: dict[str, Any]) -> set[str]:
    """Return the names of the blocks that its actions need."""
    return {action["block"] for action in definition["actions"] if "block" in action}


def resolved(definition: dict[str, Any], blocks: dict[str, str]) -> AutomationCore:
    """Return the automation with the blocks' ids in it; raises ValidationError for a wrong one."""
    actions = []
    for action in definition["actions"]:
        rest = {key: value for key, value in action.items() if key != "block"}
        named = {"block_document_id": blocks[action["block"]]} if "block" in action else {}
        actions.append({**rest, **named})
    return AutomationCore.model_validate({**definition, "actions": actions})


async def ensure(client: PrefectClient, written: Written) -> list[str]:
    """Bring the automations to the server; return a line for each thing done or missing.

    An automation that exists is changed only where the file, or the block it names, did since
    it was written; whether it is enabled is a person's to say.
    """
    said = []
    known = {automation.name: automation for automation in await client.read_automations()}
    wanted = definitions()
    blocks = await _ids(client, {name for each in wanted for name in blocks_named(each)})
    for definition in wanted:
        name = definition["name"]
        if missing := sorted(blocks_named(definition) - set(blocks)):
            said.append(f"automation “{name}” waits for a block named {', '.join(missing)}")
            continue
        automation = resolved(definition, blocks)
        ids = [blocks[block] for block in sorted(blocks_named(definition))]
        content, there = {**definition, "blocks": ids}, known.get(name)
        if there is None:
            await client.create_automation(automation)
            said.append(f"automation “{name}” made")
        elif written.changed(f"automation/{name}", content):
            kept = automation.model_copy(update={"enabled": there.enabled})
            await client.update_automation(there.id, kept)
            said.append(f"automation “{name}” updated")
        written.note(f"automation/{name}", content)
    return said


async def _ids(client: PrefectClient, names: set[str]) -> dict[str, str]:
    """Return the ids of the blocks of these names, whatever their type, that can notify."""
    from prefect.client.schemas.filters import BlockSchemaFilter, BlockSchemaFilterCapabilities

    capable = BlockSchemaFilter(block_capabilities=BlockSchemaFilterCapabilities(all_=["notify"]))
    body = {
        "block_schemas": capable.model_dump(mode="json", exclude_none=True),
        "include_secrets": False,
    }
    answer = await client.request("POST", "/block_documents/filter", json=body)
    return {block["name"]: block["id"] for block in answer.json() if block["name"] in names}


async def _main() -> None:
    async with get_client() as client:
        written = await Written.load()
        for line in await ensure(client, written) or ["nothing to do"]:
            print(line)
        await written.save()


if __name__ == "__main__":
    asyncio.run(_main())
