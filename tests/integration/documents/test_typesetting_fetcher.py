"""A document loads pilotkit's own assets and the pictures handed over with it; any other address fails it."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from pilotkit.documents.typesetting import Typesetter
from pilotkit.domain.errors import Refused
from tests import pdf
from tests.integration.documents.samples import page, sheet

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Square</title>{}</svg>'


def kept(folder: Path, content: bytes) -> tuple[str, Path]:
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    return sha256, path


def png(size: int = 4) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (size, size), "teal").save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ('<img alt="x" src="file:///etc/passwd">', "file:///etc/passwd"),
        ('<img alt="x" src="http://127.0.0.1:9/x.png">', "http://127.0.0.1:9/x.png"),
        ('<img alt="x" src="https://example.org/x.png">', "https://example.org/x.png"),
        ('<img alt="x" src="//example.org/x.png">', "//example.org/x.png"),
        ('<img alt="x" src="x.png">', "x.png"),
        ('<img alt="x" src="../../../etc/passwd">', "../../../etc/passwd"),
        ('<img alt="x" src="data:image/png;base64,AAAA">', "data:image/png;base64,AAAA"),
        ('<img alt="x" src="picture:0000">', "picture:0000"),
        ('<img alt="x" src="pilotkit:../pyproject.toml">', "pilotkit:../pyproject.toml"),
        ('<img alt="x" src="pilotkit:fonts/%2e%2e/%2e%2e/x.png">', "pilotkit:fonts/%2e%2e/%2e%2e/x.png"),
        ('<img alt="x" src="pilotkit:/etc/x.png">', "pilotkit:/etc/x.png"),
        ('<img alt="x" src="pilotkit:fonts/OFL.txt">', "pilotkit:fonts/OFL.txt"),
        ('<img alt="x" src="PILOTKIT:fonts/none.png">', "PILOTKIT:fonts/none.png"),
        ('<object data="file:///etc/hosts"></object>', "file:///etc/hosts"),
        ('<embed src="file:///etc/hosts">', "file:///etc/hosts"),
        ('<link rel="stylesheet" href="https://example.org/x.css">', "https://example.org/x.css"),
        ('<link rel="attachment" href="file:///etc/passwd" title="x">', "file:///etc/passwd"),
        ('<a rel="attachment" href="file:///etc/passwd">x</a>', "file:///etc/passwd"),
        ('<style>@import "https://example.org/y.css";</style>', "https://example.org/y.css"),
        ("<style>@import url(relative.css);</style>", "relative.css"),
        ("<style>@font-face { font-family: x; src: url(http://127.0.0.1/x.ttf) }</style>", "http://127.0.0.1/x.ttf"),
        ('<p style="background: url(http://127.0.0.1/b.png)">x</p>', "http://127.0.0.1/b.png"),
        ('<ul style="list-style-image: url(file:///i.png)"><li>x</li></ul>', "file:///i.png"),
        ('<style>p::before { content: url("ftp://127.0.0.1/c.png") }</style><p>x</p>', "ftp://127.0.0.1/c.png"),
        (
            "<style>p { mask-border-source: url(file:///m.png); border-image: url(file:///m.png) 1 }</style><p>x</p>",
            "file:///m.png",
        ),
        (SVG.format('<image href="file:///etc/passwd" width="9" height="9"/>'), "file:///etc/passwd"),
    ],
)
def test_every_other_address_fails_the_document_and_is_named(typesetter: Typesetter, body: str, address: str) -> None:
    with pytest.raises(Refused) as refused:
        typesetter.typeset(sheet(page(f"<h1>Outside</h1>{body}")))

    assert address in str(refused.value)
    assert "action plan of P-012 in Slovenian" in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize(
    "inside",
    [
        '<image href="http://127.0.0.1/inner.png" width="9" height="9"/>',
        "<style>@font-face { font-family: x; src: url(http://127.0.0.1/inner.png) }</style>",
    ],
)
def test_an_address_that_only_a_drawn_picture_mentions_fails_the_document(
    typesetter: Typesetter, tmp_path: Path, inside: str
) -> None:
    """WeasyPrint swallows whatever happens while it draws an SVG picture."""
    sha256, path = kept(tmp_path, SVG.format(inside).encode())

    with pytest.raises(Refused, match=r"http://127\.0\.0\.1/inner\.png"):
        typesetter.typeset(sheet(page(f'<h1>Inside</h1><img alt="x" src="picture:{sha256}">'), pictures={sha256: path}))


def test_all_refused_addresses_are_named_at_once(typesetter: Typesetter) -> None:
    with pytest.raises(Refused, match=r"file:///one; file:///two"):
        typesetter.typeset(
            sheet(page('<img alt="x" src="file:///one"><img alt="x" src="file:///two"><img src="file:///one">'))
        )


def test_a_picture_that_was_handed_over_is_drawn(typesetter: Typesetter, tmp_path: Path) -> None:
    photo, drawing = kept(tmp_path, png()), kept(tmp_path, SVG.format("<rect width='9' height='9'/>").encode())
    body = "".join(f'<p><img alt="x" src="picture:{sha256}"></p>' for sha256, _ in (photo, drawing))

    typeset = typesetter.typeset(sheet(page(f"<h1>Pictures</h1>{body}"), pictures=dict((photo, drawing))))

    assert pdf.faults(typeset.pdf) == []


def test_a_picture_must_be_the_one_that_its_hash_names(typesetter: Typesetter, tmp_path: Path) -> None:
    sha256, path = kept(tmp_path, png())
    path.write_bytes(png(5))

    with pytest.raises(Refused, match=sha256):
        typesetter.typeset(sheet(page(f'<h1>x</h1><img alt="x" src="picture:{sha256}">'), pictures={sha256: path}))


@pytest.mark.parametrize("content", [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"GIF89a", b"", b"<html>", b"II*\0"])
def test_only_three_kinds_of_pictures_are_opened(typesetter: Typesetter, tmp_path: Path, content: bytes) -> None:
    sha256, path = kept(tmp_path, content)

    with pytest.raises(Refused, match=sha256):
        typesetter.typeset(sheet(page(f'<h1>x</h1><img alt="x" src="picture:{sha256}">'), pictures={sha256: path}))


def test_a_broken_picture_fails_the_document(typesetter: Typesetter, tmp_path: Path) -> None:
    sha256, path = kept(tmp_path, png()[:40])

    with pytest.raises(Refused, match=sha256):
        typesetter.typeset(sheet(page(f'<h1>x</h1><img alt="x" src="picture:{sha256}">'), pictures={sha256: path}))


def test_pilotkits_own_assets_are_loaded(typesetter: Typesetter) -> None:
    style = '@font-face { font-family: Own; src: url("pilotkit:fonts/NotoSans-Bold.ttf") } body { font-family: Own }'

    typeset = typesetter.typeset(sheet(page("<h1>Own</h1>", style=style)))

    assert pdf.faults(typeset.pdf) == []


def test_links_are_not_loaded(typesetter: Typesetter) -> None:
    assert typesetter.typeset(sheet(page('<h1>x</h1><a href="https://example.org/">Example</a>'))).pages == 1
