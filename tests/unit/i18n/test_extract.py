from io import BytesIO
from pathlib import Path

from pilotkit.i18n.compiled import compiled
from pilotkit.i18n.extract import checkout, extracted, process_titles, untranslated_sentences, updated

PROCESS = b"""
title = "Standard"
[[stages]]
key = "idea"
title = "Idea"
description = {en = "The programme's own", sl = "Lastno"}
[stages.anchors]
5 = "Excellent"
"""


def test_process_files_give_their_sentences_but_no_keys_and_no_own_wordings() -> None:
    found = {sentence for _, _, sentence, _ in process_titles(BytesIO(PROCESS), {}, (), {})}
    assert found == {"Standard", "Idea", "Excellent"}


def test_code_templates_and_process_files_are_read(tmp_path: Path) -> None:
    for name, content in {
        "pilotkit/services/thing.py": 'message("From {code}", code=1)\ntext.count(b"x")',
        "templates/documents/_shared/page.html": '{{ _("From a template") }}{{ ngettext("one", "many", 2) }}',
        "pilotkit/process/standard.toml": PROCESS.decode(),
        "other/thing.py": 'message("Not ours")',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = {message.id for message in extracted(tmp_path) if message.id}
    assert found == {"From {code}", "From a template", ("one", "many"), "Standard", "Idea", "Excellent"}


def test_an_update_keeps_translations_and_guesses_nothing(tmp_path: Path) -> None:
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text('{{ _("Open agenda") }}')
    first = updated(b'msgid ""\nmsgstr ""\n\nmsgid "Gone"\nmsgstr "Weg"\n', extracted(tmp_path), "de")
    assert b"Gone" not in first
    assert untranslated_sentences(first, "de") == ["Open agenda"]
    translated = first.replace(b'msgid "Open agenda"\nmsgstr ""', b'msgid "Open agenda"\nmsgstr "Offene Punkte"')
    page.write_text('{{ _("Open agenda") }}{{ _("Open agendas") }}')
    second = updated(translated, extracted(tmp_path), "de")
    assert b"Offene Punkte" in second
    assert untranslated_sentences(second, "de") == ["Open agendas"]
    assert updated(second, extracted(tmp_path), "de") == second
    assert compiled(second, "de") == compiled(second, "de")


def test_the_checkout_is_found() -> None:
    assert (checkout() / "pyproject.toml").is_file()
