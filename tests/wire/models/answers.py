"""What an answer says: the members of a result, or the code and the members of an error."""

import json

from read import Json, Xml, local, parse


def is_xml(model, exchange):
    return model.protocol in ("query", "ec2", "rest-xml") and "x-amz-target" not in exchange["headers"]


def result(model, operation, exchange):
    """The members of a successful answer, and what is wrong with how it is written."""
    shape, answer = operation.output_shape, exchange["answer"]
    if not is_xml(model, exchange):
        reader = Json()
        value = json.loads(answer["body"] or "{}")
        if shape is None:
            return None, [f"{name} is not in the model" for name in value]
        payload = shape.serialization.get("payload")
        if payload is not None:
            return {payload: reader.read(shape.members[payload], value)}, reader.faults
        placed = {m.serialization.get("name", n) for n, m in shape.members.items() if "location" in m.serialization}
        for name in value.keys() & placed:
            reader.fault(f".{name}", "is in the body, and has another place in the model")
        return reader.read(shape, value), reader.faults
    return of_xml(model, operation, answer)


def of_xml(model, operation, answer):
    shape, reader, found = operation.output_shape, Xml(), {}
    if shape is None:
        if model.protocol == "rest-xml" and answer["body"]:
            reader.fault("", f"has a body, and the model has none: {answer['body'][:60]!r}")
        return None, reader.faults
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        if member.serialization.get("location") == "header" and wire.lower() in headers:
            found[name] = reader.plain(member, headers[wire.lower()], f".{name}")
    payload = shape.serialization.get("payload")
    if payload is not None and shape.members[payload].type_name == "blob":
        return found, reader.faults
    if not answer["body"]:
        return found, reader.faults
    root = parse(answer["body"])
    if model.protocol == "query":
        wrapper = shape.serialization.get("resultWrapper")
        inner = [child for child in root if local(child) == wrapper]
        if not inner:
            reader.fault("", f"lacks {wrapper}")
            return found, reader.faults
        root = inner[0]
    passed_over = ("requestId",) if model.protocol == "ec2" else ()
    if payload is not None:
        return found | {payload: reader.read(shape.members[payload], root)}, reader.faults
    return found | reader.structure(shape, root, "", passed_over), reader.faults


def error(model, exchange):
    """The code of an error, and its members as they are written where they are JSON."""
    answer = exchange["answer"]
    if not answer["body"]:
        return "", {}
    if not is_xml(model, exchange):
        members = json.loads(answer["body"])
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        code = members.pop("__type", "") or headers.get("x-amzn-errortype", "")
        return code.rsplit("#")[-1].split(":")[0], members
    codes = [node.text for node in parse(answer["body"]).iter() if local(node) == "Code"]
    return (codes or [""])[0], {}
