"""Links that hold more than plain text: titles in another language, emphasis, a link over several lines."""

from io import BytesIO

import pikepdf

from pilotkit.documents.typesetting import Typesetter
from tests import pdf
from tests.integration.documents.samples import page, sheet

BODY = """
<h1 id="top">Links</h1>
<p><a href="#top"><span lang="sv">Hållbar Hälsa</span></a></p>
<p><a href="https://example.org/">An <em>example</em> with <strong><em>much</em> emphasis</strong></a></p>
<p style="width: 4cm"><a href="#top">A link that is so long that it <span lang="de">bricht um</span> and goes on</a></p>
"""


def test_each_link_is_one_annotation_that_its_element_holds(typesetter: Typesetter) -> None:
    made = typesetter.typeset(sheet(page(BODY))).pdf
    assert pdf.faults(made) == []
    with pikepdf.open(BytesIO(made)) as document:
        (only,) = document.pages
        links = [annotation for annotation in only.Annots if annotation.Subtype == "/Link"]
        places = {tuple(float(number) for number in link.Rect) for link in links}
    assert len(places) == len(links) >= 4  # the long one takes several lines
