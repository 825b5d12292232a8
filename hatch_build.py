"""What the build adds to the files of the packages: compiled message catalogs, and the templates."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogs(locales: Path) -> list[Path]:
    """Write each catalog's ``.mo`` beside its ``.po``; returns what was written."""
    sys.path.insert(0, str(locales.parents[2]))
    try:
        from pilotkit.i18n.compiled import compiled
    finally:
        sys.path.pop(0)
    written = []
    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        source.with_suffix(".mo").write_bytes(compiled(source.read_bytes(), source.parts[-3]))
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
