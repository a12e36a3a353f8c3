"""JavaScript modules joined into the one source that a Streamlit component takes.

A component of Streamlit's is made from one string, which the browser imports as one module; there is no address from which that module
could import others. So the modules lie as files that import each other by relative paths, as node and a linter want them, and are
joined here, once, when the server starts: each file once, after the files it imports, without its import lines and `export` words.
Nothing has to be installed or built.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)"\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)
_OTHER = re.compile(r"^(import\b.*|export (?!default )(?!(?:async )?(?:function|const|let|class)\b).*)$", re.MULTILINE)


def joined(entry: Path) -> str:
    """The module `entry` and all that it imports, as one module with the entry's default export.

    Understands `import { a, b } from "./file.js"` and `export` before a declaration. Raises ValueError on anything else, on a name that
    two files declare, on a name that is imported and not exported, and on a circle.
    """
    parts: list[str] = []
    owners: dict[str, Path] = {}
    done: dict[Path, set[str]] = {}  # file -> what it exports

    def add(file: Path, above: tuple[Path, ...]) -> set[str]:
        if file in above:
            raise ValueError(f"{file.name} imports itself, by way of {', '.join(path.name for path in above[above.index(file) + 1 :])}")
        if file in done:
            return done[file]
        source = file.read_text(encoding="utf-8")
        for names, path in _IMPORT.findall(source):
            there = add((file.parent / path).resolve(), (*above, file))
            for name in filter(None, (name.strip() for name in names.split(","))):
                if name not in there:
                    raise ValueError(f"{file.name} imports {name!r} from {path}, which exports no such name")
        code = _IMPORT.sub("", source)
        if found := _OTHER.search(code):
            raise ValueError(f"{file.name} has a line that cannot be joined: {found[0]}")
        if file != entry and re.search(r"^export default\b", code, re.MULTILINE):
            raise ValueError(f"{file.name} has a default export, and is no entry")
        for name in _NAME.findall(code):
            if (owner := owners.setdefault(name, file)) != file:
                raise ValueError(f"{owner.name} and {file.name} both declare {name!r}")
        done[file] = {name for line, name in re.findall(r"^(export .*?(?:function\*?|const|let|class) (\w+))", code, re.MULTILINE)}
        parts.append(f"// {file.name}\n{_EXPORT.sub('', code).strip()}\n")
        return done[file]

    entry = entry.resolve()
    add(entry, ())
    return "\n".join(parts)
