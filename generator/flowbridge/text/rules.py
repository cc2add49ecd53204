"""The one table of everything the compiler may find: a code for machines, a slug for files, a title for people.

Codes are never used twice for different things. The hundreds are families: E1 reading, E2 names, E3 types,
E4 durable rules and contracts, E5 the connector; a W in front makes a warning, which never stops a build.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Rule:
    """One kind of finding; `slug` is the name of its files and of its anchor in ERRORS.md."""

    code: str
    slug: str
    title: str

    @property
    def severity(self) -> Severity:
        """Warnings start with W, errors with E."""
        return "warning" if self.code.startswith("W") else "error"


_TABLE = (
    # ---- reading: the file and its YAML
    Rule("E101", "not-utf-8", "The file is not UTF-8"),
    Rule("E102", "too-large", "The file is too large"),
    Rule("E103", "yaml-syntax", "The file is not YAML"),
    Rule("E104", "duplicate-key", "A key is written twice"),
    Rule("E105", "alias", "An alias has no end, no beginning, or too much behind it"),
    Rule("E106", "merge-key", "Merge keys are not part of YAML 1.2"),
    Rule("E107", "tag", "Tags are not allowed"),
    Rule("E108", "too-deep", "The file is nested too deeply"),
    Rule("E109", "several-documents", "The file holds more than one document"),
    Rule("E110", "not-a-map", "The file does not hold a map"),
    Rule("E111", "key-not-text", "A key is not text"),
    Rule("E112", "character", "A character that no text may hold"),
    Rule("E113", "number-range", "A number that JSON cannot carry exactly"),
    # ---- reading: the shape that the schema gives
    Rule("E120", "unknown-key", "A key that means nothing here"),
    Rule("E121", "missing-key", "A key is missing"),
    Rule("E122", "wrong-kind", "A value of the wrong kind"),
    Rule("E123", "wrong-value", "A value outside of what is allowed"),
    Rule("E124", "no-verb", "A step that does nothing"),
    Rule("E125", "two-verbs", "A step that wants to be two"),
    # ---- reading: expressions
    Rule("E130", "expression-syntax", "An expression that cannot be read"),
    Rule("E131", "expression-unsupported", "An expression outside of the language"),
    Rule("E132", "unclosed-expression", "A ${ without its }"),
    Rule("E133", "braces-in-condition", "A condition is already an expression"),
    Rule("E134", "expression-too-large", "An expression that is too long or too deep"),
    # ---- reading: durations and types
    Rule("E140", "duration", "Not a duration"),
    Rule("E141", "type-text", "Not the name of a type"),
    Rule("E142", "type-keyword", "A keyword that this type does not have"),
    Rule("E143", "recursive-type", "A type that contains itself"),
    Rule("E144", "wrong-default", "A default of the wrong type"),
    Rule("E145", "schedule", "Not a schedule"),
    # ---- names
    Rule("E201", "bad-name", "Not a name"),
    Rule("E202", "reserved-name", "A name that is taken by the language"),
    Rule("E203", "unknown-name", "A name that is not defined"),
    Rule("E204", "duplicate-name", "One name for two things"),
    Rule("E205", "shadowed-name", "A name that hides another"),
    Rule("E206", "case-only", "Names that differ in case only"),
    Rule("E207", "unknown-activity", "An activity that is not declared"),
    Rule("E208", "unknown-type", "A type that is not declared"),
    Rule("E209", "unknown-retry", "A retry policy that is not declared"),
    Rule("E210", "unknown-field", "A field that the type does not have"),
    Rule("E211", "unknown-function", "A function that the language does not have"),
    Rule("E212", "undeclared-error", "An error that is not declared"),
    Rule("E213", "not-yet", "A result that is read before it exists"),
    Rule("E214", "out-of-sight", "A result that is read outside of where it is seen"),
    Rule("E215", "unknown-workflow", "A workflow that the app does not have"),
    Rule("E216", "workflow-twice", "Two workflows of one app with one name"),
    Rule("E217", "two-contracts", "One activity with two contracts in one app"),
    Rule("E218", "event-twice", "An event that two steps may take at the same time"),
    Rule("E219", "event-types", "One event with two types"),
    # ---- types
    Rule("E301", "wrong-type", "A value of the wrong type"),
    Rule("E302", "missing-field", "A field that is required is missing"),
    Rule("E303", "may-be-missing", "A value that may be missing is used as if it were there"),
    Rule("E304", "not-a-condition", "A condition that is not true or false"),
    Rule("E305", "operator-types", "An operator between values that do not have it"),
    Rule("E306", "not-a-list", "Something else where a list is wanted"),
    Rule("E307", "function-arguments", "Arguments that a function does not take"),
    Rule("E308", "unknown-choice", "A text that is none of the choices"),
    Rule("E309", "not-text", "A list or an object in the middle of a text"),
    Rule("E310", "no-result", "The result of something that has none"),
    Rule("E311", "no-input", "An input for something that takes none, or none for something that takes one"),
    Rule("E312", "no-output", "A return that does not fit the workflow's output"),
    Rule("E313", "wrong-format", "A text that is not in its format"),
    # ---- durable rules
    Rule("E401", "waiting-in-for-each", "An approval or a wait_for inside for_each"),
    Rule("E402", "unreachable", "A step that can never run"),
    Rule("E403", "return-inside", "A return where something else is still at work"),
    Rule("E404", "missing-return", "A way through the workflow that ends without a return"),
    Rule("E405", "wait-bounds", "A wait that is too long or no wait at all"),
    Rule("E406", "retry-bounds", "A retry outside of its bounds"),
    Rule("E407", "endless-repeat", "A loop without a bound"),
    Rule("E408", "never-undone", "A step that would not be undone"),
    Rule("E409", "endless-run", "A workflow that starts itself for ever"),
    Rule("E410", "never-enough", "More than there are have to agree or to succeed"),
    # ---- contracts with the activities' Python
    Rule("E451", "missing-function", "An activity without its Python function"),
    Rule("E452", "function-twice", "An activity with two Python functions"),
    Rule("E453", "function-parameters", "A Python function that takes other parameters than its activity"),
    Rule("E454", "activity-file", "An activity file that is not Python"),
    Rule("E455", "function-annotation", "A Python function whose annotation contradicts its activity"),
    Rule("E456", "stub-in-release", "A stub in a release"),
    # ---- the connector
    Rule("E501", "connector-field", "A field that the connector needs for itself"),
    Rule("E502", "too-many-values", "More values than a connector can show"),
    Rule("E503", "connector-too-large", "More than the platform takes in one connector"),
    Rule("E504", "replacement", "A workflow that does not replace another in this way"),
    Rule("E505", "breaks-flows", "A change that breaks flows"),
    Rule("E506", "surface-lock", "A surface lock that cannot be read"),
    # ---- warnings
    Rule("W101", "comment-in-text", "A comment that looks like text"),
    Rule("W102", "unused-ignore", "A warning is silenced that there is not"),
    Rule("W103", "bad-ignore", "A comment that silences nothing"),
    Rule("W201", "error-never-raised", "An error that is declared and never raised"),
    Rule("W202", "activity-never-called", "An activity that is declared and never called"),
    Rule("W203", "retry-never-used", "A retry policy that is declared and never used"),
    Rule("W204", "error-never-caught", "An error is caught that nothing raises"),
    Rule("W401", "retry-not-idempotent", "A call is retried, and its activity is not marked idempotent"),
    Rule("W402", "busy-loop", "A loop that turns very often and very fast"),
    Rule("W403", "history-growth", "A fan-out in every turn of a loop"),
    Rule("W404", "status-too-long", "Texts that are longer than an instance can show"),
    Rule("W405", "never-happens", "Something that cannot come to pass"),
    Rule("W451", "stub", "A stub that is still to be written"),
    Rule("W501", "connection-id", "A field with a name that Power Platform uses"),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _TABLE}
