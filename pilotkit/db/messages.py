"""Messages as plain data, and back without loss: they wait in tables and are put into words where they are read."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pilotkit.domain.text import Message


def message_to_json(message: Message) -> dict[str, Any]:
    """A message as plain data.

    Raises:
        TypeError: A value is of a kind that does not survive.
    """
    return {"template": message.template, "values": _map_to_json(message.values)}


def message_from_json(plain: Mapping[str, Any]) -> Message:
    """The message that ``message_to_json`` was given."""
    return Message(plain["template"], {key: _from_json(value) for key, value in plain["values"].items()})


def _map_to_json(values: Mapping[Any, object]) -> dict[str, Any]:
    for key in values:
        if not isinstance(key, str) or key.startswith("$"):
            raise TypeError(f"{key!r} cannot be a key of a stored message's values")
    return {key: _to_json(value) for key, value in values.items()}


def _to_json(value: object) -> Any:  # noqa: ANN401 - JSON
    match value:
        case None | bool() | int():
            plain: object = value
        case str():
            plain = str(value)
        case Decimal():
            plain = {"$decimal": str(value)}
        case datetime():
            plain = {"$instant": value.isoformat()}
        case date():
            plain = {"$date": value.isoformat()}
        case Message():
            plain = {"$message": message_to_json(value)}
        case Mapping():
            plain = _map_to_json(value)
        case tuple():
            plain = {"$tuple": [_to_json(item) for item in value]}
        case list():
            plain = [_to_json(item) for item in value]
        case _:
            raise TypeError(f"a stored message cannot hold a {type(value).__name__}")
    return plain


def _from_json(value: Any) -> object:  # noqa: ANN401 - JSON
    match value:
        case {"$decimal": number}:
            return Decimal(number)
        case {"$instant": text}:
            return datetime.fromisoformat(text)
        case {"$date": text}:
            return date.fromisoformat(text)
        case {"$message": plain}:
            return message_from_json(plain)
        case {"$tuple": items}:
            return tuple(_from_json(item) for item in items)
        case dict():
            return {key: _from_json(item) for key, item in value.items()}
        case list():
            return [_from_json(item) for item in value]
        case _:
            return value
