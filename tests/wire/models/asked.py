"""What a request asks for: the operation, and its parameters as botocore would be given them."""

import base64
import json
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from known import ELSEWHERE
from read import Form, Json, Xml, parse


class Unknown(Exception):
    """A request for an operation that the model does not have."""


def operation_name(model, exchange):
    """Which operation of a service a request names."""
    headers = exchange["headers"]
    if "x-amz-target" in headers:
        prefix, _, name = headers["x-amz-target"].rpartition(".")
        if prefix != model.metadata.get("targetPrefix"):
            raise Unknown(f"the target {headers['x-amz-target']} is not of {model.metadata.get('targetPrefix')}")
    elif model.protocol in ("query", "ec2"):
        fields = dict(parse_qsl(exchange["body"], keep_blank_values=True))
        name = fields.get("Action", "")
        if fields.get("Version") != model.api_version:
            raise Unknown(f"the version {fields.get('Version')} is not {model.api_version}")
    else:
        name = by_path(model, exchange)
    if name not in model.operation_names:
        raise Unknown(f"there is no operation {name!r}")
    return name


def parameters(model, operation, exchange):
    """The parameters of a request, and what is wrong with how it is written."""
    shape = operation.input_shape
    if shape is None:
        return {}, []
    if "x-amz-target" in exchange["headers"]:
        reader = Json()
        return reader.read(shape, json.loads(exchange["body"] or "{}")), reader.faults
    if model.protocol in ("query", "ec2"):
        reader = Form(model.protocol == "ec2")
        fields = parse_qsl(exchange["body"], keep_blank_values=True)
        return reader.fields(shape, [field for field in fields if field[0] not in ("Action", "Version")]), reader.faults
    return rest(model, operation, exchange)


def by_path(model, exchange):
    """The operation of a REST protocol: the one whose method, path, query and headers fit, and fit most closely."""
    fitting = []
    for name in set(model.operation_names) - ELSEWHERE:
        operation = model.operation_model(name)
        if operation.http["method"] == exchange["method"]:
            closeness = fits(operation, *place(model, exchange), exchange["headers"])
            if closeness is not None:
                fitting.append((closeness, name))
    if not fitting:
        raise Unknown(f"no operation is at {exchange['method']} {exchange['target']}")
    return max(fitting)[1]


def place(model, exchange):
    """The path, with the bucket that S3 has in the host, and the fields of the query."""
    address = urlsplit("//host" + exchange["target"])
    path = address.path
    if model.service_name == "s3":
        bucket, dot, _ = exchange["headers"].get("host", "").partition(".s3.")
        path = f"/{bucket}{path}" if dot else path
    return path, dict(parse_qsl(address.query, keep_blank_values=True))


def fits(operation, path, fields, headers):
    """How closely a request fits an operation; None where it does not."""
    labels = labelled(operation, path)
    constants = dict(parse_qsl(urlsplit(operation.http["requestUri"]).query, keep_blank_values=True))
    if labels is None or any(fields.get(name) != value for name, value in constants.items()):
        return None
    shape = operation.input_shape
    required = shape.required_members if shape is not None else []
    for member in (shape.members[name] for name in required):
        where, name = member.serialization.get("location"), member.serialization.get("name", "")
        if (where == "querystring" and name not in fields) or (where == "header" and name.lower() not in headers):
            return None
    named_itself = fields.get("x-id") == operation.name
    return named_itself, len(constants), len(required), -len(labels)


def labelled(operation, path):
    """The labels of an operation's path in a path; None where it is another path."""
    template = urlsplit(operation.http["requestUri"].replace("#", "%23")).path
    pattern = re.sub(r"\\{(\w+)(\\\+)?\\}", lambda at: f"(?P<{at[1]}>{'.+' if at[2] else '[^/]+'})", re.escape(template))
    found = re.fullmatch(pattern + "/?", path)
    return {name: unquote(text) for name, text in found.groupdict().items()} if found else None


def rest(model, operation, exchange):
    shape = operation.input_shape
    reader = Json() if model.protocol == "rest-json" else Xml()
    path, fields = place(model, exchange)
    labels, headers = labelled(operation, path), exchange["headers"]
    known_fields = dict(parse_qsl(urlsplit(operation.http["requestUri"]).query, keep_blank_values=True)).keys() | {"x-id"}
    given = {}
    for name, member in shape.members.items():
        where, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if where == "uri" and wire in labels:
            given[name] = reader.plain(member, labels[wire], f".{name}")
        elif where == "header" and wire.lower() in headers:
            given[name] = reader.plain(member, headers[wire.lower()], f".{name}")
        elif where == "querystring" and wire in fields:
            given[name] = queried(reader, member, exchange, wire, f".{name}")
        if where == "querystring":
            known_fields = known_fields | {wire}
    for name in fields.keys() - known_fields:
        reader.fault(f".{name}", "is not in the model's query")
    given |= body(shape, reader, exchange)
    return given, reader.faults


def queried(reader, member, exchange, wire, path):
    values = [value for name, value in parse_qsl(urlsplit(exchange["target"]).query) if name == wire]
    if member.type_name == "list":
        return [reader.plain(member.member, value, path) for value in values]
    return reader.plain(member, values[0] if values else "", path)


def body(shape, reader, exchange):
    """The members that are in the body."""
    payload = shape.serialization.get("payload")
    text = exchange["body"]
    if payload is not None and shape.members[payload].type_name in ("blob", "string"):
        return {payload: text} if text else {}
    if payload is not None:
        member = shape.members[payload]
        return {payload: reader.read(member, json.loads(text) if isinstance(reader, Json) else parse(text))} if text else {}
    unplaced = {name: member for name, member in shape.members.items() if "location" not in member.serialization}
    if not unplaced:
        if text and text != "{}":
            reader.fault("", f"has a body, and the model has none: {text[:60]!r}")
        return {}
    value = json.loads(text or "{}")
    placed = {m.serialization.get("name", n) for n, m in shape.members.items() if "location" in m.serialization}
    for name in value.keys() & placed:
        reader.fault(f".{name}", "is in the body, and has another place in the model")
    return reader.read(shape, {name: member for name, member in value.items() if name not in placed})
