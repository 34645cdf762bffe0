"""What is vendored is what the lock says."""

import json
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from scripts import vendor_static
from scripts.vendor_static import LOCK, ROOT, differences, integrity, keep_woff2, sprite


@pytest.fixture
def vendored(tmp_path: Path) -> Path:
    """A copy of what is vendored."""
    for folder in vendor_static.FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "static/ur").mkdir()
    shutil.copy(ROOT / vendor_static.SPRITE, tmp_path / vendor_static.SPRITE)
    return tmp_path


def test_vendored_files_are_those_of_the_lock() -> None:
    assert differences() == []


def test_check_names_a_changed_byte(vendored: Path) -> None:
    path = vendored / "static/vendor/htmx/htmx.min.js"
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert differences(vendored) == ["static/vendor/htmx/htmx.min.js: changed"]


def test_check_names_missing_and_foreign_files(vendored: Path) -> None:
    (vendored / "static/vendor/htmx/LICENSE").unlink()
    (vendored / "static/vendor/foreign.js").write_text("")

    assert differences(vendored) == [
        "static/vendor/foreign.js: not in the lock",
        "static/vendor/htmx/LICENSE: missing",
    ]


def test_main_check_exits_1_on_a_difference(
    vendored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (vendored / "static/vendor/htmx/LICENSE").write_text("other")
    monkeypatch.setattr(differences, "__defaults__", (vendored,))

    assert vendor_static.main(["--check"]) == 1
    assert capsys.readouterr().err == "static/vendor/htmx/LICENSE: changed\n"


def test_lock_pins_every_package_with_its_integrity() -> None:
    lock = json.loads((ROOT / LOCK).read_text())

    assert set(lock["packages"]) == {package.spec for package in vendor_static.PACKAGES}
    assert all(value.startswith("sha512-") for value in lock["packages"].values())


def test_stylesheet_refers_only_to_vendored_files() -> None:
    css = ROOT / "static/vendor/dkfds/css/dkfds.min.css"
    addresses = re.findall(r"url\(([^)]+)\)", css.read_text())
    files = {address for address in addresses if not address.startswith(("data:", '"data:', "#"))}

    assert files
    assert [name for name in files if not (css.parent / name).resolve().is_file()] == []
    assert "sourceMappingURL" not in css.read_text()


def test_pdf_fonts_are_there() -> None:
    folder = ROOT / "static/vendor/dkfds/fonts/IBMPlexSans/complete/ttf"

    assert sorted(path.stem for path in folder.glob("*.ttf")) == sorted(
        f"IBMPlexSans-{weight}" for weight in vendor_static.PDF_FONTS
    )


def test_test_tools_are_not_served() -> None:
    assert not any((Path(folder) / "vendor/axe").exists() for folder in settings.STATICFILES_DIRS)


def test_integrity_is_the_registrys_form() -> None:
    assert integrity(b"abc", "sha256") == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="


def test_keep_woff2_drops_a_face_without_one() -> None:
    faces = '@font-face{src:url(a.eot),url(a.woff2) format("woff2")}@font-face{src:url(b.ttf)}'

    assert re.sub(r"@font-face\{[^}]*\}", keep_woff2, faces) == (
        '@font-face{src:url(a.woff2) format("woff2")}'
    )


def test_sprite_refuses_two_symbols_of_one_name() -> None:
    symbol = '<symbol id="x"><path d=""/></symbol>'

    with pytest.raises(SystemExit, match="share a name"):
        sprite(symbol, symbol)
