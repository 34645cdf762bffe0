"""Literate YAML content: versioned, immutable, checked at start-up.

A content file is named `<key>@<version>.yaml` and lies in an app's `content/<kind>/` folder.
A row that was made under a version names that version; a changed rule is a new file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from django.conf import settings
from django.core.checks import Error

T = TypeVar("T")


class ContentError(Exception):
    """A content file is wrong: the file, the line and what is wrong with it."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}:{line}: {message}")

    @property
    def mistakes(self) -> "list[ContentError]":
        return [self]


class ContentErrors(ContentError):
    """All the mistakes of one file together, for a parser that goes on after the first."""

    def __init__(self, mistakes: list[ContentError]) -> None:
        Exception.__init__(self, "\n".join(map(str, mistakes)))
        self._mistakes = mistakes

    @property
    def mistakes(self) -> list[ContentError]:
        return self._mistakes


class Node(dict[str, Any]):
    """A YAML mapping that knows its lines and complains about what was not read."""

    path: Path
    line: int
    lines: dict[str, int]

    def take(self, key: str, kind: type | tuple[type, ...] = str, default: Any = ...) -> Any:
        """Remove and return `key`, checked to be a `kind`. Raises `ContentError`."""
        if key not in self:
            if default is not ...:
                return default
            raise ContentError(self.path, self.line, f"“{key}” is missing")
        value = self.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ContentError(self.path, self.lines[key], f"“{key}” has the wrong type")
        if isinstance(value, str) and not value.strip():
            raise ContentError(self.path, self.lines[key], f"“{key}” is empty")
        return value

    def fail(self, message: str, key: str = "") -> ContentError:
        """An error placed at `key`, for the caller to raise."""
        return ContentError(self.path, self.lines.get(key, self.line), message)

    def finish(self) -> None:
        """Raise when something in the file was not understood."""
        for key in self:
            raise ContentError(self.path, self.lines[key], f"“{key}” is not known here")


@dataclass(frozen=True)
class ContentKind(Generic[T]):
    """A kind of content: where its files lie and how one of them is read."""

    app: str
    folder: str
    parse: Callable[[str, int, Node], T]

    def directory(self) -> Path:
        return Path(settings.BASE_DIR) / self.app / "content" / self.folder

    def load(self, key: str, version: int) -> T:
        """The content `key` in `version`. Raises `KeyError` when there is none."""
        return _load_all(self)[(key, version)]

    def by_reference(self, reference: str) -> T:
        """The content named like `gentofte@1`, as rows and snapshots name it."""
        key, version = reference.rsplit("@", 1)
        return self.load(key, int(version))

    def newest(self) -> dict[str, T]:
        """The newest version of each key."""
        return {key: value for (key, _version), value in sorted(_load_all(self).items())}

    def errors(self) -> list[ContentError]:
        """Every file's mistakes, for the system check."""
        found = []
        for path in sorted(self.directory().glob("*.yaml")):
            try:
                _parse_file(self, path)
            except ContentError as error:
                found.extend(error.mistakes)
        return found


@cache
def _load_all(kind: ContentKind[T]) -> dict[tuple[str, int], T]:
    paths = sorted(kind.directory().glob("*.yaml"))
    return dict(_parse_file(kind, path) for path in paths)


def _parse_file(kind: ContentKind[T], path: Path) -> tuple[tuple[str, int], T]:
    key, _at, version = path.stem.rpartition("@")
    if not key or not (version.isascii() and version.isdecimal()):
        raise ContentError(path, 1, "the file name must be <key>@<version>.yaml")
    node = read_yaml(path)
    value = kind.parse(key, int(version), node)
    node.finish()
    return (key, int(version)), value


class _LineLoader(yaml.SafeLoader):
    path: Path


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> Node:
    result = Node()
    result.path, result.line, result.lines = loader.path, node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise ContentError(loader.path, key_node.start_mark.line + 1, "a key must be a text")
        if key in result:
            raise ContentError(loader.path, key_node.start_mark.line + 1, f"“{key}” stands twice")
        result[key] = loader.construct_object(value_node, deep=True)
        result.lines[key] = key_node.start_mark.line + 1
    return result


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Node:
    """Read one file as a `Node`. Raises `ContentError` with the line of the mistake."""
    try:
        loader = _LineLoader(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise ContentError(path, 1, "the file must be UTF-8 text") from error
    loader.path = path
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(path, line, error.problem or "not valid YAML") from error
    if not isinstance(data, Node):
        raise ContentError(path, 1, "the file must be a mapping")
    return data


def content_check(kind: ContentKind[Any], number: int) -> Callable[..., list[Error]]:
    """A system check that reports every mistake in the files of `kind`."""

    def check(app_configs: Any, **kwargs: Any) -> list[Error]:
        return [Error(str(e), id=f"{kind.app}.E{number:03}") for e in kind.errors()]

    return check
