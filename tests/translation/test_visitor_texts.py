"""Every text that a visitor reads goes through gan_core.translation; what does not yet stands in a list that can only become shorter."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from gan_core.health.rules import Kind
from tests.translation import visitor_texts

ROOT = Path(__file__).parents[2]
NOT_YET = set((Path(__file__).with_name("not-yet.txt")).read_text(encoding="utf-8").split())
"files whose texts are still English only; take yours off when it is done, and put none on"
NOBODYS = {
    "gan_core/__init__.py": "errors of programmers",
    "gan_core/evaluation/card.py": "the README of a shipped run",
    "gan_core/export/snippet.py": "Python code",
    "gan_core/metrics/judge_training.py": "printed on the command line",
    "gan_core/runs/log.py": "what Python prints",
    "gan_core/settings.py": "read by who runs the server; and the spine knows no wing",
    "gan_core/storage/jsonl.py": "errors of programmers",
    "pages/shared/javascript.py": "errors of programmers",
}
"files of words that no visitor reads"
HEALTH = ("demonstrations", "evidence", "reading", "rules", "sentences")
KINDS = {*get_args(Kind), "few digits", "never recovered"}
"how the code names kinds of trouble, and cases of them"
SINGLE = {
    ("app.py", "GAN Atelier"),
    *((f"gan_core/health/{file}.py", kind) for file in HEALTH for kind in KINDS),
    ("gan_core/jobs/recorder.py", "can't allocate memory"),  # what torch says
    ("gan_core/jobs/recorder.py", "real curves"),  # what a seed is for
    ("gan_core/runs/folders.py", "probe"),  # the name of a file
    ("pages/home/page.py", "GAN Atelier"),
    ("gan_core/training/probe.py", "held out"),  # how the numbers of a probe are named in its file
    ("pages/discriminator/answer_bars.js", "track {}"),  # classes of elements
    ("pages/compare/curves.py", "samples seen"),  # an axis, as the address names it
    ("pages/latent_space/explorer/pad.js", "ABC"),  # the names of the anchors, a letter each
    ("pages/latent_space/explorer/shelf.js", "kept pinned"),  # classes of an element
    ("gan_core/evaluation/table.py", "percent in full"),  # a form of numbers
    (
        "gan_core/digits/dataset.py",
        "labels.csv names the class and the part of every PNG.",
    ),  # README.txt of a data set, which is in English
    ("gan_core/trained/directions.py", "`{}`: {} held-out latents"),  # printed on the command line
    ("gan_core/trained/directions.py", "| direction | holds | step in z | moves it by | visible | leaks most into |"),
    *(("pages/training_lab/run/stage.py", term) for term in ("mode collapse", "gradient penalty")),  # keys of the glossary
    ("pages/training_lab/run/stage_over.js", "once {}"),  # classes of an element
    *(("pages/shared/words.js", attribute) for attribute in ("title", "placeholder")),
}
"single words that are no texts"
FILES = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "pages").rglob("*.js"), *(ROOT / "gan_core").rglob("*.py"))
    if path.relative_to(ROOT).parts[:2] != ("gan_core", "cli")
)


def found(name: str) -> list[visitor_texts.Found]:
    source = (ROOT / name).read_text(encoding="utf-8")
    texts = visitor_texts.in_javascript(source) if name.endswith(".js") else visitor_texts.in_python(source)
    return [each for each in texts if (name, each.text) not in SINGLE]


@pytest.mark.parametrize("name", sorted(set(FILES) - NOT_YET - set(NOBODYS)))
def test_texts_go_through_the_catalogue(name: str) -> None:
    assert not [f"{name}:{line}: {text!r}" for line, text in found(name)], "wrap them in _(), ngettext() or N_()"


def test_the_list_of_what_does_not_yet_only_becomes_shorter() -> None:
    done = sorted(name for name in NOT_YET if not (ROOT / name).is_file() or not found(name))
    assert not done, "these are done: take them off tests/translation/not-yet.txt"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('"""What this is."""\nx = 1\n"said of x, in words"\n', []),
        ("st.title('Compare')", ["Compare"]),
        ("st.title(_('Compare'))", []),
        ("left.button(_('Go'), help='Back to it')", ["Back to it"]),
        ("st.caption(f'{n} of {m} runs')", ["{} of {} runs"]),
        ("st.caption(_('{n} of {m} runs').format(n=n, m=m))", []),
        ("st.caption(_('A line.') + ' And another.')", [" And another."]),
        ("st.button('Play' if off else 'Hold', key='play', icon=':material/play_arrow:')", ["Hold", "Play"]),
        ("st.selectbox(_('Which'), ['nearest', 'random'])", ["nearest", "random"]),
        ("st.selectbox(_('Which'), ['nearest', 'random'], format_func=name)", []),
        ("def words():\n    return 'None is read otherwise.'", ["None is read otherwise."]),
        ("def words(n):\n    return ngettext('{n} stroke', '{n} strokes', n).format(n=n)", []),
        ("raise AtelierError('Too much')", ["Too much"]),
        ("raise ValueError('a bad thing happened')", []),
        ("element('div', 'Empty', style='color:red;margin:0 auto')", ["Empty"]),
        ('HTML = \'<div class="two words"><button class="play it">▶</button></div>\'', []),
        ("HTML = '<div class=\"two words\"><button>Play it</button></div>'", ['<div class="two words"><button>Play it</button></div>']),
        ("data = {'kind': 'images', 'of': f'{a}-{b}', 'step': row['some key here']}", []),
    ],
)
def test_what_is_found_in_python(source: str, texts: list[str]) -> None:
    assert [text for _, text in visitor_texts.in_python(source)] == texts


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('// It\'s a comment, "of some words"\nimport { a } from "./some words.js"', []),
        ('button.textContent = "Play"', ["Play"]),
        ('button.textContent = _("Play")', []),
        ('button.textContent = on ? "Hold" : "Play"', ["Hold", "Play"]),
        ('button.setAttribute("aria-label", on ? _("Hold") : "Play")', ["Play"]),
        ("label.textContent = `step ${n}`", ["step {}"]),
        ('label.textContent = _("step {n}", { n: `${2 * n}-${"a b".length}` })', []),
        ('mention(s, "Pinned.")', ["Pinned."]),
        ('label.textContent = ngettext("{n} stroke", "{n} strokes", n)', []),
        ('const HINT = "Arrow keys move the pen"', ["Arrow keys move the pen"]),
        ('context.font = `12px ${family}`; element.className = "big"; element.role = "button"', []),
        ("const rest = text.replace(/[\"'`]/g, `${a}${`b ${c}`}`)", []),
    ],
)
def test_what_is_found_in_javascript(source: str, texts: list[str]) -> None:
    assert [text for _, text in visitor_texts.in_javascript(source)] == texts
