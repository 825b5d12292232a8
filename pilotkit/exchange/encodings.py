"""Which encoding a CSV file is written in."""

import codecs
from typing import IO

from pilotkit.domain.text import message
from pilotkit.exchange.report import Faulty

LEGACY = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1257", "iso8859_2", "iso8859_7")
"""What the spreadsheets of the programmes' countries write when they do not write UTF-8."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20
_TELLING = 1 << 16


def encoding_of(name: str, file: IO[bytes], said: str | None) -> tuple[str, bool]:
    """The encoding, and whether it is a guess.

    A mark at the beginning wins over what the mapping said only where both are Unicode. Without either, UTF-8 is taken
    where the bytes bear it out; else charset-normalizer chooses among the encodings of the programmes' countries.

    Raises:
        Faulty: None fits.
    """
    start = file.read(_CHUNK)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    if said is not None:
        unicode = codecs.lookup(said).name.startswith(("utf-8", "utf-16", "utf-32"))
        return (marked, False) if marked and unicode else (said, False)
    if marked:
        return marked, False
    if wide := _wide(start):
        return wide, True
    sample = _first_beyond_ascii(file, start)
    if sample is None or _rather_utf8(sample):
        return "utf-8", False
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:_TELLING]
    best = from_bytes(telling, cp_isolation=list(LEGACY), preemptive_behaviour=False).best()
    if best is None:
        raise Faulty(
            name,
            [message("the encoding cannot be found out")],
            message('Say it in the mapping: under [table], encoding = "cp1250", for instance.'),
        )
    return best.encoding, True


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark shows as NUL in every other byte of the ASCII signs that any table holds."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    few = max(3, len(start) // 12)
    if odd > few and even * 10 < odd:
        return "utf-16-le"
    if even > few and odd * 10 < even:
        return "utf-16-be"
    return None


def _first_beyond_ascii(file: IO[bytes], start: bytes) -> bytes | None:
    """The first piece of the file that is not plain ASCII; ``None`` when all of it is."""
    piece = start
    while piece:
        if not piece.isascii():
            return piece
        piece = file.read(_CHUNK)
    return None


def _rather_utf8(sample: bytes) -> bool:
    """Letters of several bytes that fit UTF-8 outnumber the bytes that do not: then those are damage, told by cell."""
    text = sample.decode("utf-8", errors="surrogateescape")
    if len(sample) == _CHUNK:
        text = text[:-3]  # a piece may end within a letter
    beyond = [sign for sign in text if sign > "\x7f"]
    broken = sum("\udc80" <= sign <= "\udcff" for sign in beyond)
    return broken == 0 or len(beyond) - broken > broken
