"""The recipes of docs/recipes: each is read as the program does that it is for, and calls commands
that exist.
"""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pipeline.cli import command
from pipeline.config import cron

ROOT = Path(__file__).parent.parent
RECIPES = ROOT / "docs" / "recipes"
UNITS = sorted(path.name for path in RECIPES.glob("claimwatch*"))
INSTRUCTIONS = re.compile(
    "FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|"
    "STOPSIGNAL|HEALTHCHECK|SHELL"
)


def unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None, strict=True)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds capitals
    found.read_string((RECIPES / name).read_text(encoding="utf-8"))
    return found


def called(line: str) -> list[str]:
    """Return the commands of claimwatch that a line calls."""
    return re.findall(r"claimwatch (?:--\S+ )*([a-z]+)\b", line)


@pytest.mark.parametrize("name", UNITS)
def test_units_have_the_sections_of_their_kind(name: str) -> None:
    found = unit(name)
    kind = {".service": "Service", ".timer": "Timer"}[Path(name).suffix]
    assert {"Unit", kind} <= set(found.sections()) <= {"Unit", kind, "Install"}
    if kind == "Service":
        assert called(found["Service"]["ExecStart"])[0] in command.COMMANDS
        assert found["Service"]["User"] == "claimwatch"


def test_the_timer_starts_a_unit_that_ends() -> None:
    assert unit("claimwatch-run.service")["Service"]["Type"] == "oneshot"
    assert unit("claimwatch-run.timer")["Timer"]["OnCalendar"] == "*-*-* 06:00:00"
    assert unit("claimwatch.service")["Service"]["ExecReload"].endswith("-HUP $MAINPID")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_every_key(name: str, tmp_path: Path) -> None:
    for other in UNITS:
        text = (RECIPES / other).read_text(encoding="utf-8")
        text = text.replace("/srv/claimwatch/.venv/bin/claimwatch", "/bin/true")
        (tmp_path / other).write_text(text, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    ).stderr
    assert not [line for line in said.splitlines() if name in line], said


def test_the_crontab_has_schedules_and_commands_that_exist() -> None:
    lines = (RECIPES / "crontab").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if re.match(r"[\d*]", line)]
    assert len(jobs) == 2
    for job in jobs:
        *fields, does = job.split(maxsplit=5)
        assert cron.parse(" ".join(fields)).hours
        assert shlex.split(does)
        # In a crontab, a percent sign ends the command.
        assert "%" not in does
        assert set(called(does)) <= set(command.COMMANDS)
    for line in lines:
        assert line in jobs or not line or re.match(r"#|[A-Z]+=\S+$", line)


def dockerfile() -> list[tuple[str, str]]:
    text = (RECIPES / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line)]


def test_the_image_is_small_without_root_and_says_whether_it_is_well() -> None:
    found = dockerfile()
    assert all(INSTRUCTIONS.fullmatch(word) for word, _ in found)
    stages = [number for number, (word, _) in enumerate(found) if word == "FROM"]
    last = dict(found[stages[-1] :])
    assert [found[number][1].split()[0] for number in stages] == ["python:3.13-slim"] * 2
    assert last["USER"] == "10001"
    assert "heartbeat.json" in last["HEALTHCHECK"]
    assert last["ENTRYPOINT"] == '["claimwatch"]'
    assert yaml.safe_load(last["CMD"])[0] in command.COMMANDS


def test_the_image_copies_what_there_is() -> None:
    copied = [rest.split()[:-1] for word, rest in dockerfile() if word == "COPY"]
    names = [name for names in copied for name in names if not name.startswith(("-", "/"))]
    assert names
    assert all((ROOT / name).exists() for name in names)


def test_the_workflow_is_one() -> None:
    found = yaml.safe_load((RECIPES / "github-actions.yml").read_text(encoding="utf-8"))
    # YAML 1.1 reads the key `on` as true.
    [schedule] = found[True]["schedule"]
    assert cron.parse(schedule["cron"]).minutes != (0,)
    assert found["permissions"] == {"contents": "write"}
    [job] = found["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    lines = [line for step in job["steps"] for line in str(step.get("run", "")).splitlines()]
    assert [name for line in lines for name in called(line) if line.startswith("claimwatch")] == [
        "rebuild",
        "run",
    ]
