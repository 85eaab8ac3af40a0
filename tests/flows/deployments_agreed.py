"""`python tests/flows/deployments_agreed.py` writes down what is deployed, for a reader to agree to.

A change of `prefect.yaml` is then seen as what it means: names, queues, limits, schedules, triggers.
"""

import json
from pathlib import Path

import yaml

AGREED = Path(__file__).with_suffix(".json")


def summary(text: str) -> dict:
    """Return what an operator cares about of each deployment, in the order of the file."""
    return {
        entry["name"]: {
            "flow": entry["entrypoint"],
            "queue": f"{entry['work_pool']['name']}/{entry['work_pool'].get('work_queue_name')}",
            "limit": entry.get("concurrency_limit"),
            "tags": entry.get("tags"),
            "parameters": entry.get("parameters"),
            "schedules": entry.get("schedules", []),
            "triggers": entry.get("triggers", []),
        }
        for entry in yaml.safe_load(text)["deployments"]
    }


def written(text: str) -> str:
    return json.dumps(summary(text), indent=2) + "\n"


if __name__ == "__main__":
    AGREED.write_text(written(Path("prefect.yaml").read_text()))
    print(f"{AGREED.name} is written: look at its difference.")
