"""Settings: ``PILOTKIT_*`` variables first, then ``pilotkit.toml`` in the current folder, then the defaults."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """What an operator may set.

    Attributes:
        data: The folder of everything that pilotkit keeps on disk.
        database_url: An SQLAlchemy URL; by default an SQLite file in the data folder.
        by: The e-mail address of the person who gives commands when ``--by`` is not given.
        language: The language of the command line's own texts.
        env: ``test`` switches the kill points on.
        typesetters: How many typesetting processes run at once.
        typesetting_seconds: Wall-clock limit for typesetting one document.
        typesetting_megabytes: Memory limit of one typesetting process.
    """

    model_config = SettingsConfigDict(env_prefix="PILOTKIT_", toml_file="pilotkit.toml", extra="ignore")

    data: Path = Path("pilotkit-data")
    database_url: str = ""
    by: str = ""
    language: str = "en"
    env: Literal["production", "test"] = "production"
    typesetters: int = Field(default=2, ge=1, le=64)
    typesetting_seconds: int = Field(default=600, ge=1)
    typesetting_megabytes: int = Field(default=3000, ge=200)

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.data / 'pilotkit.db').resolve()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; no ``.env`` and no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
