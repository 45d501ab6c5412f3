"""From a configuration to the server."""

from __future__ import annotations

from hepsel.errors import DataError, HepselError
from hepsel.extract.servers.config import ServerConfig
from hepsel.extract.servers.model import Server


def connect(config: ServerConfig) -> Server:
    """Return the configured server; nothing is sent yet."""
    try:
        if config.kind == "ollama":
            from hepsel.extract.servers.ollama import Ollama

            return Ollama(config)
        from hepsel.extract.servers.openai import OpenAI

        return OpenAI(config)
    except OSError as error:  # such as the certificates that SSL_CERT_FILE names
        raise DataError(f"a connection cannot be prepared, look at SSL_CERT_FILE and SSL_CERT_DIR: {error}") from None
    except ImportError as error:
        raise HepselError(f"asking a model needs `pip install 'hepsel[llm]'` ({error.name} is missing)") from None
