"""Everything configurable, read once from the environment (prefix AEIP_) and an optional .env file. The only reader of the environment."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from grid_models.errors import AeipError

_MODEL = re.compile(r"ollama:[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)*(?::[\w.-]+)?")
_URL = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:/[\w./-]*)?|https?://\[[0-9a-fA-F:]+\](?::\d{1,5})?/?")


class InvalidSettings(AeipError):
    """A setting in the environment cannot be used."""


class Settings(BaseSettings):
    """Defaults run air-gapped on one machine."""

    model_config = SettingsConfigDict(env_prefix="AEIP_", env_file=".env", extra="ignore", frozen=True)

    grid: str = Field(default="1-HV-mixed--0-sw", description="SimBench code, pandapower case or file")
    data_dir: Path = Field(default=Path("data"), description="ledger, plant state, conversations and caches")
    database_url: str = Field(
        default="", repr=False, description="ledger; SQLite in the data folder when empty, postgresql+psycopg://... for a control room"
    )
    chroma_url: str = Field(
        default="", description="server of the knowledge base's index of meaning; a folder of the data folder when empty"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    brain: str = Field(default="embedded", description="embedded, or ollama:NAME for a language model on an Ollama server")
    ollama_url: str = Field(default="http://127.0.0.1:11434", description="where the Ollama server is")
    ollama_context_tokens: int = Field(
        default=8192, ge=2048, description="context of the model; without it Ollama cuts off what it is told"
    )
    ollama_total_s: float = Field(default=120.0, gt=0, description="longest that a model may take for one question, all requests together")
    ollama_chunk_s: float = Field(default=60.0, gt=0, description="longest silence of the server; loading a model is one")
    rules: str = Field(default="", description="rule pack for every grid (name or folder); the one that fits a grid when empty")
    company_rules: Path | None = Field(default=None, description="folder of rules and ratings of the company, over those of the pack")
    pace: float = Field(default=1.0, gt=0, description="plant seconds per wall second")
    telemetry: Path | None = Field(default=None, description="a recording (CSV or Parquet) to watch instead of the simulated plant")
    faults: Path | None = Field(default=None, description="YAML list of faults that the simulated plant's measurements have")
    protection: Path | None = Field(default=None, description="relay settings of single elements (YAML) over the documented defaults")
    protected: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="elements of the grid that no order may touch, by name, separated by commas"
    )
    assets: Path | None = Field(default=None, description="records of the grid's transformers (CSV or YAML) instead of the demo ones")
    ambient: Path | None = Field(default=None, description="ambient temperatures (CSV: time, ambient_celsius) instead of the weather's")
    weather: Literal["climatology", "open-meteo"] = Field(default="climatology", description="open-meteo asks the network")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="where to ask the weather for [degree]; else the grid's middle")
    longitude: float | None = Field(default=None, ge=-180, le=180, validate_default=True, description="as latitude, positive = east")
    knowledge_pages: int = Field(default=2_000, gt=0, description="most pages of a document that is added to the knowledge base")
    knowledge_megabytes: int = Field(default=100, gt=0, description="largest such document [MB]")
    approval_minutes: float = Field(default=15.0, gt=0, description="a pending proposal expires after this many minutes of wall time")
    session_hours: float = Field(default=8.0, gt=0, description="a login lasts a shift")
    token: str = Field(default="", repr=False, description="API token of the user given with --user")
    history_steps: int = Field(default=20, ge=2, description="messages of a conversation the brain looks back on")

    @field_validator("brain")
    @classmethod
    def _known_brain(cls, brain: str) -> str:
        if brain != "embedded" and not _MODEL.fullmatch(brain):
            raise ValueError("'embedded' works, or 'ollama:' and the name of a model, as ollama:qwen3:8b")
        return brain

    @field_validator("chroma_url")
    @classmethod
    def _server(cls, url: str) -> str:
        if url and not _URL.fullmatch(url):
            raise ValueError("an address such as http://127.0.0.1:8001 works")
        return url.rstrip("/")

    @field_validator("ollama_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not _URL.fullmatch(url):
            raise ValueError("an address such as http://127.0.0.1:11434 works")
        return url.rstrip("/")

    @field_validator("protected", mode="before")
    @classmethod
    def _names(cls, given: object) -> object:
        return tuple(name.strip() for name in given.split(",") if name.strip()) if isinstance(given, str) else given

    @field_validator("longitude")
    @classmethod
    def _with_latitude(cls, longitude: float | None, info: ValidationInfo) -> float | None:
        if "latitude" in info.data and (longitude is None) != (info.data["latitude"] is None):
            raise ValueError("AEIP_LATITUDE and AEIP_LONGITUDE belong together; give both or neither")
        return longitude

    @property
    def ollama_model(self) -> str | None:
        """The language model's name, where one is asked for."""
        return self.brain.removeprefix("ollama:") if self.brain != "embedded" else None

    @property
    def ledger_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'aeip.db'}"

    @property
    def approval_expiry(self) -> timedelta:
        return timedelta(minutes=self.approval_minutes)


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment with the command line's overrides. Raises InvalidSettings naming the variable."""
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]  # pydantic validates
    except ValidationError as error:
        first = error.errors()[0]
        name, why = f"AEIP_{'_'.join(str(p) for p in first['loc']).upper()}", first["msg"].removeprefix("Value error, ")
        raise InvalidSettings(f"The setting {name}={first.get('input')!r} cannot be used: {why}.") from error
