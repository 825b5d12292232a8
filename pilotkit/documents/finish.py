"""Makes one file that is PDF/A-3a and PDF/UA-1 at once, and mends what WeasyPrint and pydyf leave undone."""

import hashlib
from typing import Any
from weakref import WeakKeyDictionary

import pydyf

VARIANT = "pdf/a-3a"

# PDF/A wants every property outside its own schemas described (ISO 19005-3, 6.6.2.3.2); PDF/UA's mark is one.
_UNIVERSAL_ACCESS = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>The part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class Finisher:
    """What is done to a PDF between WeasyPrint's last step and its writing.

    Args:
        identifier: The document's own; ids inside the file begin with its hash, so that files can be merged later
            without renaming anything.
    """

    def __init__(self, identifier: str) -> None:
        self._prefix = hashlib.sha256(identifier.encode()).hexdigest()[:12]

    def __call__(self, document: object, pdf: pydyf.PDF) -> None:
        """WeasyPrint's ``finisher`` argument."""
        _declare_universal_access(pdf)
        _list_each_attachment_once(pdf)
        _let_no_picture_be_smoothed(pdf)
        _make_ids_unique(pdf, self._prefix)


def _declare_universal_access(pdf: pydyf.PDF) -> None:
    metadata = _resolve(pdf, pdf.catalog["Metadata"])
    packet: bytes = metadata.stream[0]
    if b"pdfuaid:part" in packet:
        return
    head, end, tail = packet.rpartition(b"</rdf:RDF>")
    metadata.stream[0] = head + _UNIVERSAL_ACCESS + end + tail


def _list_each_attachment_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint 70 finds each attachment twice, in the name tree and among the objects."""
    if attachments := pdf.catalog.get("AF"):
        attachments[:] = dict.fromkeys(attachments)


def _let_no_picture_be_smoothed(pdf: pydyf.PDF) -> None:
    """PDF/A forbids the interpolation that WeasyPrint asks for unless CSS says ``image-rendering: pixelated``."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and "Interpolate" in item.extra:
            item.extra["Interpolate"] = "false"


def _make_ids_unique(pdf: pydyf.PDF, prefix: str) -> None:
    """Prefix the ids of table headers, and write the tree that ISO 32000-1 (14.7.2) wants where there are ids.

    The cells' ``Headers`` hold the very same string objects as the headers' ``ID``, so they follow by themselves.
    """
    marked = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and "ID" in item]
    if not marked:
        return
    for element in marked:
        element["ID"].string = f"{prefix}-{element['ID'].string}"
    names = pydyf.Array()
    for element in sorted(marked, key=lambda item: str(item["ID"].string)):
        names.extend((element["ID"], element.reference))
    tree = pydyf.Dictionary({"Names": names, "Limits": pydyf.Array((names[0], names[-2]))})
    pdf.add_object(tree)
    root = pydyf.Dictionary({"Kids": pydyf.Array([tree.reference])})
    pdf.add_object(root)
    _resolve(pdf, pdf.catalog["StructTreeRoot"])["IDTree"] = root.reference


def _resolve(pdf: pydyf.PDF, reference: bytes) -> Any:  # noqa: ANN401 - pydyf has no common type for objects
    return pdf.objects[int(reference.split()[0])]


def mend_page_references() -> bool:
    """Keep pydyf's list of page references instead of rebuilding it for every tagged box, which is quadratic in pages.

    Does nothing once pydyf does so itself (0.13 does not).

    Returns:
        Whether there was something to mend.
    """
    known = vars(pydyf.PDF).get("page_references")
    if not isinstance(known, property) or known.fget is None:
        return False
    probe = pydyf.PDF()
    probe.add_page(pydyf.Dictionary())
    if probe.page_references is probe.page_references:
        return False
    rebuild = known.fget

    kept: WeakKeyDictionary[pydyf.PDF, tuple[int, tuple[bytes, ...]]] = WeakKeyDictionary()

    def page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
        length = len(pdf.pages["Kids"])
        if pdf not in kept or kept[pdf][0] != length:
            kept[pdf] = (length, rebuild(pdf))
        return kept[pdf][1]

    pydyf.PDF.page_references = property(page_references)
    return True
