"""What every test may ask for: real servers on free ports, and nothing outside this machine."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Playwright's synchronous API runs inside an event loop, where Django would refuse to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
CHROMIUM_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

hypothesis_settings.register_profile(
    "short",
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.register_profile(
    "nightly", parent=hypothesis_settings.get_profile("short"), max_examples=2000, derandomize=False
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")
hypothesis_settings.load_profile(PROFILE)


CATALOGUE = Path(__file__).parents[1] / "locale/da/LC_MESSAGES/django.po"


def pytest_configure(config: pytest.Config) -> None:
    """The Danish texts are compiled before anything reads them; xdist's workers find them ready."""
    compiled = CATALOGUE.with_suffix(".mo")
    if hasattr(config, "workerinput"):
        return
    if not compiled.exists() or compiled.stat().st_mtime < CATALOGUE.stat().st_mtime:
        subprocess.run(["msgfmt", "--output-file", compiled, CATALOGUE], check=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Nightly tests wait until they are asked for."""
    if PROFILE == "nightly" or "nightly" in config.option.markexpr:
        return
    waiting = [item for item in items if item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=waiting)
    items[:] = [item for item in items if item not in waiting]


# The network -----------------------------------------------------------------------


def _leaves_the_machine(sock: socket.socket, address: object) -> bool:
    if sock.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
        return False
    host = address[0]
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Fail the test that talks to anything but this machine (outcomes pass `except Exception`)."""
    real = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def guarded(name: str) -> Callable[[socket.socket, object], object]:
        def connect(sock: socket.socket, address: object) -> object:
            if _leaves_the_machine(sock, address):
                pytest.fail(f"a test tried to reach {address!r}")
            return real[name](sock, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(socket.socket, name, guarded(name))
        yield


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Poll until true; a test never sleeps for a guess."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.05)


# The database ----------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def flush_lifts_append_only() -> Iterator[None]:
    """Between transactional tests all tables are emptied; the protocol's triggers forbid that."""
    from django.db.backends.base.operations import BaseDatabaseOperations as Operations

    real = Operations.execute_sql_flush

    def execute_sql_flush(self: Operations, sql_list: list[str]) -> None:
        if self.connection.vendor == "postgresql":
            return real(self, ["SET LOCAL session_replication_role = replica", *sql_list])
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            rows = cursor.fetchall()
        triggers = [(name, sql) for name, sql in rows if "is append-only" in sql]
        drops = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        return real(self, [*drops, *sql_list, *(sql for _name, sql in triggers)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Operations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture
def run_together(transactional_db: None) -> Callable[..., list[object]]:
    """Start functions at the same moment, each on a connection of its own.

    Returns what each returned or raised, in order. SQLite in memory has one connection only.
    """
    if connection.vendor == "sqlite":
        pytest.skip("needs two connections")

    def run(*acts: Callable[[], object]) -> list[object]:
        start = threading.Barrier(len(acts))

        def act(number: int) -> object:
            start.wait()
            try:
                return acts[number]()
            except Exception as error:  # noqa: BLE001 - what it raised is its answer
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(act, range(len(acts))))

    return run


@pytest.fixture
def drain_outbox(db: None) -> Callable[[], int]:
    """Do everything the outbox holds, here; returns how many entries were run."""
    from core import outbox

    return outbox.drain


@pytest.fixture(autouse=True)
def fresh_media(settings, tmp_path_factory) -> None:
    """Every test has a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")


# The browser -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "locale": "da-DK",
        "timezone_id": "Europe/Copenhagen",
        "viewport": {"width": 1366, "height": 768},
    }


@pytest.fixture(scope="session")
def axe_source() -> str:
    """axe-core, to be run with `page.evaluate` (the CSP does not apply there)."""
    return AXE.read_text()


# Servers ---------------------------------------------------------------------------


class MailBox(MessageHandler):
    """The messages that arrived, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.messages.append(message)


class SmtpServer:
    """A real SMTP server that can be stopped and started again on the same port."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = free_port()
        self.box = MailBox()
        self._controller: Controller | None = None

    @property
    def messages(self) -> list[Message]:
        return self.box.messages

    def start(self) -> None:
        self._controller = Controller(self.box, hostname=self.host, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None


@pytest.fixture
def smtp_server(settings) -> Iterator[SmtpServer]:
    """Django's mail goes to this server; read `.messages`."""
    server = SmtpServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.stop()


class RedisServer:
    """A real Redis in memory that a test may stop and start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self._process:
            return
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        memory_only = ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self._process = subprocess.Popen(["redis-server", *options, *memory_only])
        wait_until(self._answers)

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@pytest.fixture(scope="session")
def redis_process(tmp_path_factory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_server(redis_process: RedisServer) -> RedisServer:
    """A running Redis; what one test stopped is running again for the next."""
    redis_process.start()
    return redis_process
