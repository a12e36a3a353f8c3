"""Finds texts for visitors that do not go through gan_core.translation: by ast in Python, by a small tokeniser in JavaScript.

No finder knows what a visitor reads. This one takes for a text whatever has two words in a row, and in the places that are shown (the first
argument of a Streamlit element, `help=`, `alt=`, `textContent =`, an AtelierError ..) whatever has one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from docs import words

MARKS = {"_", "N_", "ngettext"}
WORD = re.compile(r"[^\W\d_]{2,}")
WORDS = re.compile(r"[^\W\d_]{2,}[,;:.…”*]*[ \u00a0]+[(“*]*(?:[^\W\d_]+|\{)")
ICON = re.compile(r":material/\w+:|:[a-z]+-badge|:(?:blue|orange|green|red|gray)\[|&\w+;|https?://\S+")
STYLE = re.compile(r"[a-z-]+:[^;]*(;|$)|^[a-z-]+$|^(rgba?|var|linear-gradient|calc)\(|^\.|[\d}]px\b|\dfr\b|^[MLHVZ0-9 .{}]+$")
SQL = re.compile(r"^\s*(SELECT|INSERT|DELETE|CREATE|PRAGMA|BEGIN|UPDATE)\b")
ELEMENTS = {
    *("title", "header", "subheader", "markdown", "caption", "text", "write", "info", "warning", "error", "success", "toast", "badge"),
    *("button", "download_button", "form_submit_button", "link_button", "page_link", "metric", "progress", "spinner", "status", "expander"),
    *("popover", "dialog", "selectbox", "multiselect", "radio", "segmented_control", "pills", "slider", "select_slider", "toggle"),
    *("checkbox", "number_input", "text_input", "text_area", "file_uploader", "tabs", "menu_button"),
}
"Streamlit's functions whose first argument is shown"
CHOICES = {"selectbox", "multiselect", "radio", "segmented_control", "pills"}
"whose second argument is shown, unless there is a format_func"
HELPERS = {
    name: places
    for places, names in {
        (0,): "AtelierError Option table trace start_button",
        (1,): "png array curves corner img failure why_not_mine menu",
        (2,): "several Page",
        (1, 2, 3, 4): "element",
    }.items()
    for name in names.split()
}
"our own functions: which arguments are shown"
SHOWN = {
    *("label", "help", "hint", "placeholder", "text", "body", "alt", "caption", "title", "x_title", "y_title", "doing", "then", "reason"),
    *("show_spinner", "page_title", "aria_label", "hovertemplate", "name"),
}
"keyword arguments that are shown, of whatever function"

IDENTIFIERS = {("Variant", "name")}
"keyword arguments of that name that are no text"
UNSEEN = {
    "compile",
    "glossary",
    "once",
    "execute",
    "executescript",
    "query_one",
    "ValueError",
    "TypeError",
    "KeyError",
    "RuntimeError",
    "AssertionError",
    "latex",
}
"functions whose arguments no visitor reads as words"


class Found(NamedTuple):
    line: int
    text: str


def in_python(source: str) -> list[Found]:
    """The texts of a module that a visitor reads and no catalogue can change."""
    tree = ast.parse(source)
    passed: set[ast.AST] = set()
    shown: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)  # a docstring, or what is said of the line above
        elif isinstance(node, ast.Subscript):
            passed.update(ast.walk(node.slice))
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            passed.update(ast.walk(node.format_spec))
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in MARKS:
                passed.update(literal for argument in node.args for literal in ast.walk(argument))
                continue
            if name in UNSEEN:
                passed.update(literal for argument in node.args for literal in ast.walk(argument))
            places = {0} if name in ELEMENTS else set(HELPERS.get(name, ()))
            if name in CHOICES and not any(k.arg == "format_func" for k in node.keywords):
                places.add(1)
            for i, argument in enumerate(node.args):
                if i in places:
                    shown.update(_literals(argument))
            for keyword in node.keywords:
                if keyword.arg in SHOWN and (name, keyword.arg) not in IDENTIFIERS:
                    shown.update(_literals(keyword.value))
    return sorted(Found(node.lineno, text) for node, text in _texts(tree, passed) if _is_text(text, shown=node in shown))


def _literals(node: ast.AST) -> Iterator[ast.AST]:
    """The literals that can be the value of an expression: not those of calls inside, of comparisons, of keys."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.List | ast.Tuple | ast.Starred | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def _texts(tree: ast.AST, passed: set[ast.AST]) -> Iterator[tuple[ast.expr, str]]:
    """Every literal with its text, braces for what an f-string fills in."""
    pieces: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces.update(node.values)
            if node not in passed:
                yield node, "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in passed and node not in pieces:
            yield node, node.value


def _is_text(text: str, shown: bool) -> bool:
    """Does it hold a word, or two in a row where nothing says that it is shown?"""
    text = ICON.sub("", text)
    if SQL.match(text) or (not shown and STYLE.search(text) and ". " not in text):
        return False
    if "<" in text and "</" in text:
        return any(WORD.search(found) for found in words.of_html(text))
    return bool((WORD if shown else WORDS).search(text))


TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?:(?<=[=(,:!&|?;{}\[])|(?<=[=(,:!&|?;{}\[] ))/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`|[(\[{}\])]|\bimport\b[^\n]*\bfrom\b[^\n]*""",
    re.S,
)
"comments, regular expressions, strings, the beginning of a template, brackets, imports"
PLACED = re.compile(
    r"""(?:\b(?:textContent|title|placeholder|ariaLabel|alt|innerText)\s*[=:]|"(?:aria-label|aria-valuetext|title|alt)",)"""
    r"""(?:[^;\n,]*[?:])?\s*$|\b(?:mention|say|Option|Error)\((?:s, )?$"""
)
"what stands before a string that is shown"


def in_javascript(source: str) -> list[Found]:
    """The same of a JavaScript module."""
    found: list[Found] = []
    _scan(source, 0, [], found)
    return sorted(found)


def _scan(source: str, at: int, calls: list[str], found: list[Found], inside: bool = False) -> int:
    """Reads tokens from `at` on; within a template it ends with the brace that closes its expression."""
    depth = len(calls)
    while match := TOKEN.search(source, at):
        token, at = match[0], match.end()
        if token == "`":
            begin, text, at = match.start(), "", at
            while source[at] != "`":
                if source.startswith("${", at):
                    at = _scan(source, at + 2, [*calls, "{"], found, inside=True)
                    text += "{}"
                else:
                    text += source[at : at + 2] if source[at] == "\\" else source[at]
                    at += 2 if source[at] == "\\" else 1
            at += 1
            _judge(source, begin, text, calls, found)
        elif token[0] in "\"'":
            _judge(source, match.start(), token[1:-1], calls, found)
        elif token[0] in "([{":
            before = re.search(r"([\w$]+)\s*$", source[max(0, match.start() - 60) : match.start()])
            calls = [*calls, before[1] if token == "(" and before else token]
        elif token[0] in ")]}":
            if inside and len(calls) == depth:
                return at
            calls = calls[:-1]
    return len(source)


def _judge(source: str, begin: int, text: str, calls: list[str], found: list[Found]) -> None:
    if calls and calls[-1] in MARKS:
        return
    shown = bool(PLACED.search(source[max(0, begin - 120) : begin]))
    if _is_text(text, shown):
        found.append(Found(source.count("\n", 0, begin) + 1, text))
