"""What a document's pages need to know besides their content: the programme's look and the document's colophon."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pilotkit.domain.errors import Invalid
from pilotkit.domain.text import Text, message

CONTRAST: Final = 4.5
"""The contrast that text needs against its ground (WCAG 2.2, criterion 1.4.3, as EN 301 549 demands it)."""

RGB = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Look:
    """The look of a programme: one accent colour, a logo, the notice that the funder demands.

    Attributes:
        programme: The programme's name, as it stands in the running head.
        accent: The accent colour, ``#rrggbb``; every other colour is made from it.
        logo: Address of the logo for the renderer's fetcher, empty where there is none.
        logo_text: What the logo shows, for those who do not see it.
        funding: The funding notice, empty where none is demanded.
        funding_logo: Address of the funder's emblem, empty where there is none.
        funding_logo_text: What the emblem shows.
    """

    programme: Text
    accent: str = "#17545c"
    logo: str = ""
    logo_text: str = ""
    funding: Text = ""
    funding_logo: str = ""
    funding_logo_text: str = ""

    def __post_init__(self) -> None:
        rgb(self.accent)

    @property
    def ink(self) -> str:
        """The accent for text and lines on white: darkened until it can be read."""
        return next(shade for shade in _darker(self.accent) if contrast(shade, "#ffffff") >= CONTRAST)

    @property
    def tint(self) -> str:
        """A breath of the accent, as a ground under black text."""
        return mixed(self.accent, "#ffffff", 0.09)

    @property
    def soft(self) -> str:
        """A third of the ink, for areas of charts: it shows in grey, too."""
        return mixed(self.ink, "#ffffff", 0.34)

    @property
    def on_accent(self) -> str:
        """Black or white, whichever is read better on the accent itself."""
        return max("#ffffff", "#111111", key=lambda colour: contrast(colour, self.accent))


@dataclass(frozen=True, kw_only=True)
class Colophon:
    """What a document says about itself in head, foot and metadata.

    Attributes:
        kind: What kind of document it is: "Action plan".
        title: Its title; the one first-level heading.
        subtitle: A line below the title, empty where there is none.
        code: The pilot's code, empty for documents of the programme.
        language: The language it is in.
        version: Its version, counted from 1.
        checksum: SHA-256 of the facts that its pages print; the foot shows the first twelve digits.
        created: The day its facts were last changed (never the day of rendering: same facts, same bytes).
        draft: Whether it is marked as a draft on every page.
        example: Whether it is invented; then every page says so.
        numbered: Whether pages carry "3 / 12". Units that are merged into a book leave this to the merge.
        publisher: Who publishes it, for the metadata.
    """

    kind: Text
    title: Text
    language: str
    version: int
    checksum: str
    created: date
    subtitle: Text = ""
    code: str = ""
    draft: bool = False
    example: bool = False
    numbered: bool = True
    publisher: str = ""

    @property
    def seal(self) -> str:
        """The first twelve digits of the checksum, in groups of four."""
        digits = self.checksum[:12]
        return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def rgb(colour: str) -> RGB:
    """The three channels of ``#rrggbb``.

    Raises:
        Invalid: It is not written so.
    """
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise Invalid(
            message("{colour} is not a colour.", colour=colour),
            message("Write it as # and six hexadecimal digits, for example #17545c."),
        )
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(colour: str, ground: str, share: float) -> str:
    """``share`` of a colour on a ground, as an opaque colour."""
    pairs = zip(rgb(colour), rgb(ground), strict=True)
    return "#" + "".join(f"{round(top * share + bottom * (1 - share)):02x}" for top, bottom in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _darker(colour: str) -> list[str]:
    return [mixed(colour, "#000000", 1 - step / 50) for step in range(51)]
