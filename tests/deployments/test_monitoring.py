"""Dashboard, alerts and their documentation against the metrics that there are."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ai_data_engineer.metrics.catalogue import METRICS

ALERTS = Path("deployments/prometheus/alerts.yml")
TESTS = Path("deployments/prometheus/alerts_test.yml")
DASHBOARD = json.loads(Path("deployments/grafana/dashboard.json").read_text())
DOCS = Path("docs/operations/monitoring.md").read_text()
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
SERIES = {
    name + suffix
    for name, metric in METRICS.items()
    for suffix in (("_bucket", "_sum", "_count") if metric.kind == "histogram" else ("",))
}
needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="make prometheus")


def series_in(expression):
    return set(re.findall(r"\bade_[a-z_]+", expression))


def expressions_of(panel):
    return [target["expr"] for target in panel["targets"]]


def table(heading):
    """Return the first cells of the table's rows under a heading."""
    part = DOCS.partition(f"### {heading}\n")[2].partition("\n#")[0]
    return re.findall(r"^\| `(\w+)` ", part, re.MULTILINE)


def test_the_documented_metrics_are_those_that_there_are():
    rows = [
        f"| `{m.name}` | {m.kind} | {', '.join(f'`{label}`' for label in m.labels)} | {m.help} |"
        for m in METRICS.values()
    ]
    assert [line for line in DOCS.splitlines() if line.startswith("| `ade_")] == rows


def test_every_alert_is_documented_and_has_a_test():
    names = [rule["alert"] for rule in RULES]
    assert table("Alerts") == names
    tried = TESTS.read_text()
    assert [name for name in names if tried.count(name) < 2 and name != "AdeExporterDown"] == []


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_names_only_series_that_exist(rule):
    assert series_in(rule["expr"]) <= SERIES
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in ("critical", "warning", "info")


@pytest.mark.parametrize("panel", PANELS, ids=[panel["title"] for panel in PANELS])
def test_a_panel_names_only_series_that_exist_and_has_a_unit(panel):
    for expression in expressions_of(panel):
        assert series_in(expression)
        assert series_in(expression) <= SERIES
    assert panel["fieldConfig"]["defaults"]["unit"]


def test_every_metric_is_on_the_dashboard():
    shown = {name for panel in PANELS for e in expressions_of(panel) for name in series_in(e)}
    without_suffix = {re.sub("_(bucket|sum|count)$", "", name) for name in shown}
    assert set(METRICS) - without_suffix - shown == set()


def test_panels_do_not_overlap_and_have_ids_of_their_own():
    taken = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))


def test_the_dashboard_can_be_narrowed_to_pool_stage_and_size():
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert variables == {"datasource", "pool", "stage", "size"}
    used = set(re.findall(r"\$(\w+)", " ".join(e for p in PANELS for e in expressions_of(p))))
    assert used - {"__rate_interval"} == variables - {"datasource"}


@pytest.mark.services
@needs_promtool
def test_every_query_of_the_dashboard_can_be_asked(tmp_path):
    # As rules they are parsed by Prometheus itself.
    values = {"__rate_interval": "1m", "pool": ".*", "stage": ".*", "size": ".*"}
    rules = [
        {"record": f"panel:{panel['id']}:{number}", "expr": _filled(expression, values)}
        for panel in PANELS
        for number, expression in enumerate(expressions_of(panel))
    ]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool("check", "rules", str(file))


@pytest.mark.services
@needs_promtool
def test_prometheus_takes_the_configuration_and_the_rules():
    promtool("check", "config", "deployments/prometheus/prometheus.yml")


@pytest.mark.services
@needs_promtool
def test_each_alert_fires_when_it_should_and_on_a_quiet_day_none_does():
    promtool("test", "rules", str(TESTS))


def _filled(expression, values):
    return re.sub(r"\$(\w+)", lambda name: values[name[1]], expression)


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
