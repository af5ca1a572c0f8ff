"""The form of an outcome: exit, status, code, message, output, headers; what does not apply is left out."""
import json
import re

_in_text = (
    re.compile(r"^ERROR: \((?P<code>[\w.\- ]+)\)", re.M),
    re.compile(r"^Code: (?P<code>\S+)", re.M),
    re.compile(r'"code"\s*:\s*"(?P<code>[^"]+)"'),
    re.compile(r"^ErrorCode:(?P<code>\S+)", re.M),
)


def of_answer(status, headers, text):
    """Of a plain request."""
    body = parsed(text)
    error = body.get("error", body.get("odata.error")) if isinstance(body, dict) else None
    outcome = {"status": status, "headers": {name.lower(): value for name, value in headers.items()}, "output": body}
    if isinstance(error, dict):
        outcome.update(code=error.get("code"), message=_text(error.get("message")))
    elif status >= 400 and "x-ms-error-code" in outcome["headers"]:
        outcome.update(code=outcome["headers"]["x-ms-error-code"], message=text)
    return outcome


def of_error(error):
    """Of an exception that a client of Microsoft's raised."""
    outcome = {"kind": type(error).__name__, "message": str(error)}
    status = getattr(error, "status_code", None)
    if status is None:
        status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        outcome["status"] = status
    code = _code(error)
    if code:
        outcome["code"] = code
    return outcome


def _code(error):
    model = getattr(error, "error", None)
    for holder in (model, getattr(model, "error", None), error):
        code = getattr(holder, "code", None) or getattr(holder, "error_code", None)
        if code:
            return str(getattr(code, "value", code))
    return code_in(str(error))


def code_in(text):
    """The first error code that a text names."""
    for pattern in _in_text:
        match = pattern.search(text)
        if match:
            return match["code"]
    return None


def parsed(text):
    """JSON as what it says, everything else as text."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def _text(message):
    return message.get("value") if isinstance(message, dict) else message
