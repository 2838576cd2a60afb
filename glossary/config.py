"""Settings: defaults < TOML file < GLOSSARY_* environment. The only reader of the environment.

| setting | environment | default | meaning |
|---|---|---|---|
| store | GLOSSARY_STORE | glossary.db | path or SQLAlchemy URL of the termbase |
| cache_dir | GLOSSARY_CACHE_DIR | the user's cache folder | decoded model weights and dictionaries |
| source_date_epoch | SOURCE_DATE_EPOCH | None | seconds since 1970 written as the date of exports |
| vocabulary | GLOSSARY_VOCABULARY | None | a TSV of regional words that adds to or changes vocabulary.tsv |
| uploads | GLOSSARY_UPLOADS | beside the store | folder of the files people upload |
| secret_key | GLOSSARY_SECRET_KEY | '' | Flask session key; '' makes a new one at each start |

The TOML file is GLOSSARY_CONFIG, or `glossary.toml` in the working folder when there is one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from glossary.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside. See the module's table."""

    store: str = "glossary.db"
    cache_dir: Path | None = None
    source_date_epoch: int | None = None
    secret_key: str = ""
    uploads: Path | None = None
    vocabulary: Path | None = None

    @property
    def cache(self) -> Path:
        """The folder for decoded weights; it need not exist or be writable."""
        if self.cache_dir is not None:
            return self.cache_dir
        from platformdirs import user_cache_path

        return user_cache_path("bitext-glossary")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the TOML file and the environment.

    Raises: ConfigError when the file is missing, malformed or names an unknown setting, or a value has the wrong type.

    >>> found = load_settings({"GLOSSARY_STORE": "terms.db", "GLOSSARY_UPLOADS": "files"})
    >>> found.store, str(found.uploads)
    ('terms.db', 'files')
    """
    env = os.environ if environ is None else environ
    values: dict[str, object] = dict(_from_toml(env.get("GLOSSARY_CONFIG")))
    for name in ("store", "cache_dir", "secret_key", "uploads", "vocabulary"):
        if env.get(f"GLOSSARY_{name.upper()}"):
            values[name] = env[f"GLOSSARY_{name.upper()}"]
    if env.get("SOURCE_DATE_EPOCH"):
        values["source_date_epoch"] = env["SOURCE_DATE_EPOCH"]
    return _checked(values)


def _from_toml(named: str | None) -> Mapping[str, object]:
    path = Path(named or "glossary.toml")
    if not path.is_file():
        if named:
            raise ConfigError(f"{named}: no such configuration file (GLOSSARY_CONFIG names it)")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: not a readable TOML file: {error}") from error


def _checked(values: Mapping[str, object]) -> Settings:
    known = [f.name for f in fields(Settings)]
    for name in values:
        if name not in known:
            raise ConfigError(f"Unknown setting {name!r}. Available: {', '.join(sorted(known))}.")
    epoch = values.get("source_date_epoch")
    try:
        seconds = None if epoch is None else int(str(epoch))
    except ValueError:
        raise ConfigError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a whole number of seconds") from None
    return Settings(
        store=str(values.get("store", "glossary.db")),
        cache_dir=Path(str(values["cache_dir"])) if "cache_dir" in values else None,
        source_date_epoch=seconds,
        secret_key=str(values.get("secret_key", "")),
        uploads=Path(str(values["uploads"])) if "uploads" in values else None,
        vocabulary=Path(str(values["vocabulary"])) if "vocabulary" in values else None,
    )
