"""Compiles the message catalogs (``.po`` to ``.mo``) when a wheel is built or the checkout is installed."""

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


class CatalogHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before the files of a wheel are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; hatchling then picks the files up as artifacts."""
        if self.target_name == "wheel":
            compile_catalogs(Path(self.root) / "pilotkit" / "i18n" / "locale")
