"""The command that measures: it runs each benchmark apart, and says what it saw."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.bench import (
    BenchError,
    Outcome,
    benchmark,
    benchmarks,
    measure_here,
    percentile,
    scratch_database,
)
from tests.conftest import wait_until

ROOT = Path(__file__).resolve().parents[2]


def bench(folder, *arguments):
    """The command as it is typed in an installation whose folder is `folder`."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.core.workshop.settings",
        "VAR_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    command = [sys.executable, "manage.py", "bench", *arguments, "--skip-checks"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_bench_that_is_ended_leaves_no_folder_and_no_process(tmp_path):
    mark = tmp_path / "started"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.core.workshop.settings", "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "", "REDIS_URL": "", "BENCH_MARK": str(mark),
    }  # fmt: skip
    command = [sys.executable, "manage.py", "bench", "workshop_waits", "--skip-checks"]
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        wait_until(mark.exists, seconds=120)
        pid, folder = mark.read_text().split(" ", 1)
        known = Path(folder).exists()
        process.terminate()
        code = process.wait(60)

    assert (known, Path(folder).exists(), code) == (True, False, 143)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def listed(*arguments):
    out = io.StringIO()
    call_command("bench", *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """One run that holds: the process, the result and the installation's folder."""
    folder = tmp_path_factory.mktemp("installation")
    out = folder / "figures.json"
    done = bench(folder, "workshop_holds", "--json", str(out), "--size", "pieces=5", "--check")
    assert done.returncode == 0, done.stderr
    return done, json.loads(out.read_text())["benchmarks"], folder


def test_bench_writes_figures_target_and_machine(held):
    _done, (result,), _folder = held

    assert list(result) == [
        "name",
        "about",
        "target",
        "holds",
        "figures",
        "sizes",
        "at",
        "machine",
    ]
    assert result["name"] == "workshop_holds"
    assert result["target"] == "as many as asked for"
    assert result["holds"] is True
    assert result["sizes"] == {"pieces": 5}
    assert result["figures"]["pieces"] == 5
    assert set(result["machine"]) == {
        "cores",
        "processor",
        "python",
        "database",
        "revision",
        "load_before",
    }


def test_bench_prints_what_was_measured_and_the_verdict(held):
    done, (result,), _folder = held

    assert "workshop_holds: Say where it runs, and on what" in done.stdout
    assert result["machine"]["database"] in done.stdout


def test_bench_measures_in_a_scratch_installation(held):
    _done, (result,), folder = held
    figures = result["figures"]

    assert figures["rows_before"] == 0
    assert Path(figures["database"]).parent == Path(figures["folder"]) != folder
    assert not Path(figures["folder"]).exists()
    assert not (folder / "udvalgsrum.sqlite3").exists()


def test_bench_misses_a_target_quietly_unless_checked(tmp_path):
    quiet = bench(tmp_path, "workshop_misses")
    checked = bench(tmp_path, "workshop_misses", "--check")

    assert (quiet.returncode, checked.returncode) == (0, 1)
    assert "7.5" in checked.stdout
    assert "workshop_misses" in checked.stderr.strip().splitlines()[-1]


def test_bench_says_that_a_benchmark_broke_off(tmp_path):
    done = bench(tmp_path, "workshop_breaks", "--json", str(tmp_path / "figures.json"))

    assert done.returncode == 1
    assert "The workshop is closed." in done.stderr
    assert not (tmp_path / "figures.json").exists()


def test_bench_names_the_benchmarks_when_asked_for_another():
    with pytest.raises(CommandError) as refused:
        listed("nonsense")

    for name in benchmarks():
        assert name in str(refused.value)


def test_bench_lists_every_benchmark_with_its_target():
    text = listed("--list")

    for found in benchmarks().values():
        assert found.name in text
        assert found.target in text


@pytest.mark.parametrize("size", ["rows", "rows=many", "minuts=1"])
def test_bench_refuses_a_size_that_nothing_has(size):
    with pytest.raises(CommandError):
        listed("verify_protocol", "--size", size)


def test_benchmark_name_is_taken_once():
    with pytest.raises(ValueError, match="verify_protocol"):
        benchmark("verify_protocol", target="")(lambda: Outcome({}, holds=True))


@pytest.mark.django_db
def test_measuring_refuses_any_other_installation(tmp_path):
    found = benchmarks()["verify_protocol"]

    with pytest.raises(BenchError):
        measure_here(found, {"rows": 1}, tmp_path / "out.json")

    assert not (tmp_path / "out.json").exists()


@pytest.mark.database
@pytest.mark.django_db
def test_scratch_database_is_another_one_and_is_gone_afterwards():
    with scratch_database() as address:
        during = _databases()
    after = _databases()

    if connection.vendor != "postgresql":
        assert address == ""
        return
    (made,) = during - after
    assert f"/{made}" in address
    assert address != os.environ["DATABASE_URL"]


def _databases():
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_percentile_is_a_value_that_was_measured():
    values = [float(n) for n in range(1, 101)]

    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([], 0.95) == 0.0
    assert percentile([7.0], 0.5) == 7.0
