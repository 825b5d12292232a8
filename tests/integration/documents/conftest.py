from collections.abc import Iterator

import pytest

from pilotkit.documents.typesetting import Typesetter


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter(processes=1, seconds=60, megabytes=1000) as pool:
        yield pool
