"""What func_adl is told of links between objects."""

from __future__ import annotations


def link_method(link: str, method: str) -> dict[str, str]:
    """Describe a method of a stored link that tells a half of it: place or container."""
    return {
        "metadata_type": "add_method_type_info",
        "type_string": link,
        "method_name": method,
        "return_type": "unsigned int",
    }
