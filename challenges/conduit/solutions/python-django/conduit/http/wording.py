"""What is wrong with a value, in words that a person can act on (G3)."""

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "missing": "is required",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "list_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "model_type": "must be an object",
    "json_invalid": "is not valid JSON: {error}",
    "value_error": "{error}",
}


def in_words(problem: Mapping[str, Any]) -> str:
    """One of pydantic's errors, said plainly; pydantic's own words where we have none."""
    template = _WORDS.get(problem["type"])
    return template.format_map(problem.get("ctx", {})) if template else str(problem["msg"])
