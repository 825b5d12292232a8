"""What the build adds to the files of the packages: compiled message catalogs, and the templates."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogs(locales: Path) -> list[Path]:
    """Write each catalog's ``.mo`` beside its ``.po``; returns what was written."""
    written = []
    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        written.append(source.with_suffix(".mo"))
    return written


class WheelHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before the files of a wheel are collected."""

    PLUGIN_NAME = "wheel"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogs; in a wheel, put the templates where ``pilotkit.resources`` looks for them.

        An editable install (``version`` is then ``editable``) uses those of the checkout: a copy would grow stale.
        """
        compile_catalogs(Path(self.root) / "pilotkit" / "i18n" / "locale")
        if version == "standard":
            build_data["force_include"]["templates"] = "pilotkit/_templates"
