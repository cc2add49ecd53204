"""Rules on the definition as a whole: its head, hosts, security and the extensions at the top."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.lint.definition import Definition, Json, Node, items, node, step
from flowbridge.lint.finding import Finding

_MIMES = ("application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
_KEYS = frozenset(
    {
        *("swagger", "info", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions"),
        *("parameters", "responses", "security", "securityDefinitions", "tags", "externalDocs"),
    }
)
_METADATA = ("Website", "Privacy policy", "Categories")
_SECURITY_NEEDS = {"basic": (), "apiKey": ("name", "in"), "oauth2": ("flow",)}
_FLOW_NEEDS = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "application": ("tokenUrl",),
    "accessCode": ("authorizationUrl", "tokenUrl"),
}
_RESERVED = re.compile(r"\b(?:api|connector|power ?automate|power ?apps?|power ?bi|copilot ?studio)\b", re.IGNORECASE)


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    value = definition.value
    if value.get("swagger") != "2.0":
        yield Finding("SpecificationVersionIncorrect", "/swagger", 'the property swagger must be the text "2.0"')
    for name in ("info", "paths"):
        if name not in value:
            yield Finding("RequiredPropertyMissing", "", f"the property {name} is required")
    for name in value:
        if name not in _KEYS and not name.startswith("x-"):
            yield Finding("ExtensionNameNotValid", step("", name), f"the property {name} means nothing here")
    yield from _info(node(value.get("info")))
    yield from _address(value)
    yield from _mimes(definition)
    yield from _security(definition)
    yield from _metadata(value)


def _info(info: Node) -> Iterator[Finding]:
    for name in ("title", "version"):
        if info and not isinstance(info.get(name), str):
            yield Finding("RequiredPropertyMissing", "/info", f"the property {name} is required")
    title, told = info.get("title"), info.get("description")
    if isinstance(title, str):
        if not 1 <= len(title) <= 30:
            yield Finding(
                "FieldLengthNotInRange", "/info/title", f"the title has {len(title)} characters, 1 to 30 may be"
            )
        if _RESERVED.search(title):
            yield Finding("ValueContainsRestrictedWords", "/info/title", "the title has a word that Microsoft keeps")
        if title and not title[-1].isalnum():
            yield Finding("ValueMustEndWithAlphanumeric", "/info/title", "the title must end with a letter or digit")
        if not title.isascii():
            yield Finding("ValueMustBeInEnglish", "/info/title", "the title must be in English")
    if not isinstance(told, str):
        yield Finding("RequiredPropertyMissing", "/info", "the property description is required")
    elif not 30 <= len(told) <= 500:
        words = f"the description has {len(told)} characters, 30 to 500 may be"
        yield Finding("FieldLengthNotInRange", "/info/description", words)
    email = node(info.get("contact")).get("email")
    if isinstance(email, str) and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        yield Finding("ContactEmailNotValid", "/info/contact/email", "this is no e-mail address")


def _address(value: Node) -> Iterator[Finding]:
    host, base = value.get("host"), value.get("basePath")
    if host is not None and not (isinstance(host, str) and re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", host)):
        yield Finding("HostNameNotValid", "/host", "the host is a name, without a scheme and without a path")
    if base is not None and not (isinstance(base, str) and base.startswith("/")):
        yield Finding("BasePathNotValid", "/basePath", "the base path must start with a slash")
    if "schemes" in value and not items(value["schemes"]):
        yield Finding("SchemesArrayEmpty", "/schemes", "at least one scheme is required")
    for at, one in enumerate(items(value.get("schemes"))):
        if one in ("ws", "wss"):
            yield Finding("SchemeNotSupported", step("/schemes", at), "WebSockets are not supported")
        elif one not in ("http", "https"):
            yield Finding("SchemeNotValid", step("/schemes", at), f"{one!r} is no scheme")


def _mimes(definition: Definition) -> Iterator[Finding]:
    places: list[tuple[str, Node]] = [("", definition.value)]
    places += [(one.pointer, one.value) for one in definition.operations]
    for pointer, value in places:
        for name in ("consumes", "produces"):
            for at, one in enumerate(items(value.get(name))):
                where = step(pointer, name, at)
                if not isinstance(one, str) or not re.fullmatch(r"[\w.+-]+/[\w.+*-]+(\s*;.*)?", one):
                    yield Finding("MimeTypeNotValid", where, f"{one!r} is no MIME type")
                elif one.partition(";")[0].strip().lower() not in _MIMES:
                    yield Finding("MimeTypeNotSupported", where, f"the MIME type {one} is not supported")


def _security(definition: Definition) -> Iterator[Finding]:
    known = node(definition.value.get("securityDefinitions"))
    for name, one in known.items():
        scheme = node(one)
        pointer = step("/securityDefinitions", name)
        kind, flow = scheme.get("type"), scheme.get("flow")
        if str(kind) not in _SECURITY_NEEDS:
            yield Finding("JsonValueNotInEnum", step(pointer, "type"), "the type is basic, apiKey or oauth2")
            continue
        needs = [*_SECURITY_NEEDS[str(kind)], *(_FLOW_NEEDS.get(str(flow), ()) if kind == "oauth2" else ())]
        for need in needs:
            if need not in scheme:
                yield Finding("SecuritySchemePropertyRequired", pointer, f"the property {need} is required for {kind}")
    places: list[tuple[str, Json]] = [("/security", definition.value.get("security"))]
    places += [(step(one.pointer, "security"), one.value.get("security")) for one in definition.operations]
    for pointer, given in places:
        for at, requirement in enumerate(items(given)):
            for name, scopes in node(requirement).items():
                where = step(pointer, at, name)
                if name not in known:
                    yield Finding("SecurityRequirementMustBeDefined", where, f"{name} is not among the definitions")
                elif not isinstance(scopes, list):
                    yield Finding("SecurityRequirementMustHaveValue", where, "a list is required, if an empty one")
                elif scopes and node(known[name]).get("type") != "oauth2":
                    yield Finding("SecurityRequirementMustHaveEmptyValue", where, "only OAuth has scopes")
                else:
                    scopes_known = node(node(known[name]).get("scopes"))
                    for one in scopes:
                        if str(one) not in scopes_known:
                            words = f"the scope {one!r} is not defined"
                            yield Finding("OAuthSecurityRequirementValueMustBeScopeName", where, words)


def _metadata(value: Node) -> Iterator[Finding]:
    given = [str(node(one).get("propertyName")) for one in items(value.get("x-ms-connector-metadata"))]
    for name in _METADATA:
        if name not in given:
            words = f"the connector metadata {name} is missing; certification asks for it"
            yield Finding("ConnectorMetadataPropertiesMissing", "/x-ms-connector-metadata", words)
