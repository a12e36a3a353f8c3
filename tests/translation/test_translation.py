"""Another language: from the texts in the sources over a translator's file to what a visitor reads."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from docs import words
from gan_core import translation
from gan_core.translation import N_, _, ngettext

ROOT = Path(__file__).parents[2]
FIELD = re.compile(r"\{(\w*)[^{}]*\}")


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of two texts."""
    with words.POT.open("rb") as file:
        catalog = read_po(file, locale="de")
    catalog.get("Latent space").string = "Latenter Raum"
    catalog.get("{n} stroke.").string = ("{n} Strich.", "{n} Striche.")
    (tmp_path / "de" / "LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / "de" / "LC_MESSAGES" / "atelier.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(translation, "LOCALE", tmp_path)
    translation._catalogue.cache_clear()
    yield
    translation.speak("en")
    translation._catalogue.cache_clear()


def test_a_visitor_reads_the_language_of_their_thread(german: None) -> None:
    assert _("Latent space") == "Latent space"
    translation.speak("de")
    assert _("Latent space") == "Latenter Raum"
    assert [ngettext("{n} stroke.", "{n} strokes.", n).format(n=n) for n in (0, 1, 2)] == ["0 Striche.", "1 Strich.", "2 Striche."]
    assert _("Loading the generator …") == "Loading the generator …", "what is not translated stays English"
    assert N_("Latent space") == "Latent space", "a mark changes nothing"
    heard: list[str] = []
    other = threading.Thread(target=lambda: heard.append(_("Latent space")))
    other.start()
    other.join()
    assert heard == ["Latent space"], "another visitor's thread"
    translation.speak("tlh")
    assert _("Latent space") == "Latent space"


def test_the_catalogue_is_current() -> None:
    assert words.POT.read_text(encoding="utf-8") == words.catalogue(), "run `make words`"


def messages() -> list[tuple[str, tuple[str, ...]]]:
    """Every text with its file; both forms where a number decides."""
    return [
        (str(file.relative_to(ROOT)), (text,) if isinstance(text, str) else text) for file in words.files() for text in words.messages(file)
    ]


def test_what_changes_in_a_text_has_a_name() -> None:
    found = messages()
    assert {Path(name).suffix for name, _forms in found} == {".py", ".js", ".html"}
    assert len(found) > 1000
    unnamed = [
        (name, form) for name, forms in found for form in forms if any(not field or field.isdigit() for field in FIELD.findall(form))
    ]
    assert not unnamed
    assert not [(name, forms) for name, forms in found if not all(form.strip() for form in forms)]


def test_both_forms_say_the_same() -> None:
    """The form for one may leave out the number, and nothing else."""
    for name, forms in messages():
        if len(forms) == 2:
            one, many = (set(FIELD.findall(form)) for form in forms)
            assert many - one <= {"n"}, (name, forms)
            assert one <= many, (name, forms)


def test_html_is_translated_by_the_script_beside_it() -> None:
    for file in (file for file in (ROOT / "pages").rglob("*.html") if words.of_html(file.read_text(encoding="utf-8"))):
        scripts = [script.read_text(encoding="utf-8") for script in file.parent.glob("*.js")]
        assert any("translate(root)" in script for script in scripts), file
