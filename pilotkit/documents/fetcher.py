"""What a document may load: pilotkit's own assets, and the pictures that were handed over with it. Nothing else."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

ASSET = "pilotkit:"
PICTURE = "picture:"

_MEDIA_TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Serves ``pilotkit:<path below the templates>`` and ``picture:<sha256>``; refuses and records every other address.

    Files, the network and ``data:`` are refused alike: an icon is an asset, a user's picture has a hash.
    WeasyPrint goes on without what it cannot load, so whoever uses a fetcher must look at ``refused`` afterwards.
    """

    def __init__(self, assets: Path, pictures: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._assets = assets.resolve()
        self._pictures = pictures
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The content behind an address.

        Raises:
            ValueError: The address is refused.
        """
        content, media_type = self._asset(url) or self._picture(url) or (None, "")
        if content is None:
            # The whole of a data: address may be megabytes; its beginning tells the author which one it is.
            self.refused.append(url if len(url) <= 200 else f"{url[:200]}…")
            raise ValueError("this address is not allowed in a document")
        return URLFetcherResponse(url, content, {"Content-Type": media_type})

    def _asset(self, url: str) -> tuple[bytes, str] | None:
        if not url.startswith(ASSET):
            return None
        name = unquote(url.removeprefix(ASSET))
        media_type = _MEDIA_TYPES.get(Path(name).suffix)
        if media_type is None or "\0" in name:
            return None
        path = (self._assets / name).resolve()
        if not path.is_relative_to(self._assets) or not path.is_file():
            return None
        return path.read_bytes(), media_type

    def _picture(self, url: str) -> tuple[bytes, str] | None:
        path = self._pictures.get(url.removeprefix(PICTURE)) if url.startswith(PICTURE) else None
        if path is None or not path.is_file():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != url.removeprefix(PICTURE):
            return None
        media_type = _picture_type(content)
        return (content, media_type) if media_type else None


def _picture_type(content: bytes) -> str | None:
    """The media type of a picture by its first bytes; ``None`` for the many formats that nobody should be able to open.

    The imaging library would try every decoder that it has, one of which starts Ghostscript.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<svg", b"<?xml")):
        return "image/svg+xml"
    return None
