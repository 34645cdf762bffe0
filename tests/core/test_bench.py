"""The command that measures: it finds the benchmarks, runs them apart, and says what it saw."""

import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import bench
from core.bench import Benchmark, BenchError, Outcome
from core.models import AuditEntry

# Registered where the measuring process finds it too.
TINY = "tests.core.tiny_benchmarks"


def run(*arguments, **options):
    out = io.StringIO()
    call_command("bench", *arguments, stdout=out, skip_checks=True, **options)
    return out.getvalue()


@pytest.fixture
def tiny(monkeypatch):
    """The workshop's installation: the same product with one small app of benchmarks more."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.core.workshop.bench_settings")
    from tests.core.workshop import benchmarks

    known = {**bench.REGISTRY}
    bench.REGISTRY.update(
        {
            name: Benchmark(name, target, function)
            for name, target, function in benchmarks.REGISTERED
        }
    )
    yield
    bench.REGISTRY.clear()
    bench.REGISTRY.update(known)
