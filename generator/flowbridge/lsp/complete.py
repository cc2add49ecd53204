"""What may be written at a place: keys, values, and the names and fields of expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flowbridge.lsp.cursor import Cursor, Level, ListLevel, MapLevel
from flowbridge.lsp.document import Document
from flowbridge.lsp.expected import expected_at
from flowbridge.lsp.language import Word, is_condition, is_step, words_at
from flowbridge.lsp.suggest_names import suggest_in_expression
from flowbridge.lsp.suggestion import Suggestion
from flowbridge.model.assignability import describe, plain
from flowbridge.model.types import BooleanType, EnumType, Field, ObjectType, Type
