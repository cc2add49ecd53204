"""What a rule finds, and what each rule is based on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

MICROSOFT = "Microsoft's Swagger Validator"
DESIGNER = "what the designers of Power Automate and Power Apps do"
SWAGGER = "Swagger 2.0"
CERTIFICATION = "Microsoft's connector certification"

# Rules of our own, which have no published id; every other id is one of Microsoft's.
OWN: dict[str, str] = {
    "UntypedOutput": DESIGNER,
    "ParametersMissing": DESIGNER,
    "OnlyAcceptedResponse": DESIGNER,
    "TitlePrefixesTokens": DESIGNER,
    "RecursiveSchema": DESIGNER,
    "LabelMissing": DESIGNER,
    "WebhookPathShared": DESIGNER,
    "InternalRequiredNeedsDefault": MICROSOFT,
    "UnknownExtension": "Microsoft's schema of definitions",
    "ExtensionMisplaced": "Microsoft's schema of definitions",
    "SummaryMissing": CERTIFICATION,
    "DescriptionMissing": CERTIFICATION,
    "DescriptionRepeatsSummary": CERTIFICATION,
    "DefinitionTooLarge": MICROSOFT,
    "NotJson": SWAGGER,
}
WARNINGS = frozenset(
    {
        *("PartialDuplicateOperationPath", "PathParameterMissingEncoding", "OperationHasManyResponsesWithSchema"),
        *("ConnectorMetadataPropertiesMissing", "LabelMissing", "SummaryMissing", "DescriptionMissing"),
        *("DescriptionRepeatsSummary", "TitlePrefixesTokens", "RecursiveSchema", "OperationIdSanitized"),
        *("RestrictedCharactersInSummary", "OperationSummaryTooLong", "InternalPropertyWithDefaultOptional"),
        *("UnknownExtension", "WebhookPathShared", "QueryParameterEncodingNotSupported", "ContactEmailNotValid"),
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing wrong: the rule's id, where (a JSON pointer), and what, in words."""

    rule: str
    pointer: str
    message: str

    @property
    def severity(self) -> Severity:
        """Whether the connector works without a cure."""
        return "warning" if self.rule in WARNINGS else "error"

    @property
    def basis(self) -> str:
        """Who asks for it."""
        return OWN.get(self.rule, MICROSOFT)

    def __str__(self) -> str:
        return f"{self.severity}[{self.rule}] {self.pointer or '/'}: {self.message} (based on {self.basis})"
