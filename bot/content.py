"""How YAML content is read so that an error can name its file, line and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its plain data, and the line of every key path in it."""

    path: Path
    data: Any
    lines: Mapping[Key, int]

    def error(self, key: Key, problem: str) -> ContentError:
        """An error at this key, or at its nearest known parent."""
        known = key
        while known and known not in self.lines:
            known = known[:-1]
        where = ".".join(str(part) for part in key)
        return ContentError(f"{self.path}:{self.lines.get(known, 1)}: {where}: {problem}")


def read_yaml(path: Path) -> Source:
    """Parse one file. Raises ContentError when it is missing, not YAML, or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except OSError as error:
        raise ContentError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError(f"{path}:{line}: not valid YAML: {getattr(error, 'problem', error)}") from error
    lines: dict[Key, int] = {}
    data = _plain(path, root, (), lines) if root is not None else None
    return Source(path, data, lines)


def _plain(path: Path, node: yaml.Node, key: Key, lines: dict[Key, int]) -> Any:
    lines[key] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, child, (*key, i), lines) for i, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for name_node, child in node.value:
            name = str(_scalar(name_node))
            line = name_node.start_mark.line + 1
            if name in result:
                raise ContentError(f"{path}:{line}: {'.'.join(map(str, (*key, name)))}: written twice")
            result[name] = _plain(path, child, (*key, name), lines)
            lines[(*key, name)] = line
        return result
    return _scalar(node)


_scalars = yaml.CSafeLoader("")


def _scalar(node: yaml.Node) -> Any:
    return _scalars.construct_object(node)
