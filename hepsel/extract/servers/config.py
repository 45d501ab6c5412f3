"""Which server is asked: a section of a TOML file, and environment variables that override it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from hepsel.errors import HepselError
from hepsel.texts import read_text

Kind = Literal["ollama", "llama-server", "vllm", "openai"]

PREFIX = "HEPSEL_SERVER_"
"""How the environment variables begin that override a value of the file: `HEPSEL_SERVER_MODEL`."""


class ConfigError(HepselError):
    """A configuration that cannot be used."""


@dataclass(frozen=True)
class ServerConfig:
    """A server and how it is asked.

    Attributes
    ----------
    kind
        How it is spoken to.
    url
        Where it is; `ollama` has a usual place.
    model
        The name of the model.
    context
        Tokens that question and answer may have together.
    max_tokens
        Tokens that an answer may have.
    temperature, seed
        How answers are drawn; each round has a seed of its own, counted from this one.
    timeout
        Seconds until an answer must be complete.
    attempts
        How often a request is made when the connection fails.
    constrain
        Whether the server is told the grammar, where it takes one.
    api_key_variable
        The environment variable that holds the key, where the server wants one.
    """

    kind: Kind
    model: str
    url: str | None = None
    context: int = 32768
    max_tokens: int = 8192
    temperature: float = 0.0
    seed: int = 1
    timeout: float = 900.0
    attempts: int = 3
    constrain: bool = True
    api_key_variable: str | None = None

    @property
    def room(self) -> int:
        """Tokens that the first question may have: the rounds after it hold a program more."""
        return self.context - 2 * self.max_tokens


def default_path() -> Path:
    """Return where the configuration is looked for: `hepsel/config.toml` in the user's configuration folder."""
    root = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(root) / "hepsel" / "config.toml"


def read_config(path: Path | None, model: str | None = None) -> ServerConfig:
    """Return the configured server.

    Parameters
    ----------
    path
        The file; without one, that at `default_path`, if it is there.
    model
        A model that is used instead of the configured one.

    Raises
    ------
    ConfigError
        When a value is missing, unknown or senseless; the message names the file or the variable.
    """
    found: dict[str, tuple[Any, str]] = {}
    file = path or default_path()
    if path is not None or file.is_file():
        found.update({name: (value, f"{file}: [server] {name}") for name, value in _section(file).items()})
    for field in fields(ServerConfig):
        variable = PREFIX + field.name.upper()
        if variable in os.environ:
            found[field.name] = (_parsed(os.environ[variable], str(field.type)), variable)
    if model is not None:
        found["model"] = (model, "--model")
    return _checked(found, file)


def _section(file: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(read_text(file, "configuration"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from None
    section = data.pop("server", None)
    if data or not isinstance(section, dict):
        raise ConfigError(f"{file}: expected one section [server]" + (f", not {next(iter(data))}" if data else ""))
    return section


def _parsed(text: str, type_name: str) -> Any:
    for kind, read in (("int", int), ("float", float)):
        if type_name == kind:
            try:
                return read(text)
            except ValueError:
                return text
    if type_name == "bool":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _checked(found: dict[str, tuple[Any, str]], file: Path) -> ServerConfig:
    values = {name: value for name, (value, _) in found.items()}
    for name, message in server_problems(values):
        if name not in found:
            raise ConfigError(
                f"no server is configured: `{name}` is missing; write [server] with kind and model into {file}, or set "
                f"{PREFIX}{name.upper()} (or use --print-prompt and --answers, which need no server)"
            )
        raise ConfigError(f"{found[name][1]}: {message}")
    return ServerConfig(**values)


def server_problems(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the values of a server, by name: nothing, if they make a `ServerConfig`."""
    known = {field.name: str(field.type) for field in fields(ServerConfig)}
    sound = {}
    for name, value in values.items():
        if name not in known:
            yield name, f"there is no such value; there are {', '.join(known)}"
        elif not _is(value, known[name]):
            yield name, f"{value!r} is not {_WORDS.get(known[name], 'a text')}"
        else:
            sound[name] = value
    yield from ((name, f"`{name}` is missing") for name in ("kind", "model") if name not in values)
    kind, url = sound.get("kind"), sound.get("url")
    if kind is not None and kind not in get_args(Kind):
        yield "kind", f"{kind!r} is not one of {', '.join(get_args(Kind))}"
    elif kind is not None and "url" not in values and kind != "ollama":
        yield "kind", f"a server of kind {kind} needs its `url`"
    if url is not None and not url.startswith(("http://", "https://")):
        yield "url", f"{url!r} does not begin with http:// or https://"
    size = replace(_USUAL, **{name: sound[name] for name in ("context", "max_tokens") if name in sound})
    if size.room < 1:
        name = "context" if "context" in sound else "max_tokens"
        yield name, f"`context` ({size.context}) must be more than twice `max_tokens` ({size.max_tokens})"


_USUAL = ServerConfig("ollama", "")
_WORDS = {"int": "a whole number above 0", "float": "a number that is not negative", "bool": "true or false"}


def _is(value: Any, wanted: str) -> bool:
    if wanted == "int":
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    if wanted == "float":
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if wanted == "bool":
        return isinstance(value, bool)
    return isinstance(value, str) and value != ""


def api_key(config: ServerConfig) -> str | None:
    """Return the key for a server.

    Raises
    ------
    ConfigError
        When the variable that should hold it is not set.
    """
    if config.api_key_variable is None:
        return None
    key = os.environ.get(config.api_key_variable)
    if not key:
        raise ConfigError(
            f"the environment variable {config.api_key_variable}, named by `api_key_variable`, is not set"
        )
    return key
