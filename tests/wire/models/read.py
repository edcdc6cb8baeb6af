"""Reads bodies of requests and answers by AWS's models, and reports what the models do not have.

botocore writes requests and reads answers; both directions are needed here, and what botocore passes over counts.
"""

import base64
import binascii
import datetime
import re
from xml.etree import ElementTree

from botocore.utils import parse_timestamp

INTEGERS = ("integer", "long")
FRACTIONS = ("float", "double")


class Reader:
    """Collects what is wrong while it reads."""

    def __init__(self):
        self.faults = []

    def fault(self, path, what):
        self.faults.append(f"{path} {what}")

    def plain(self, shape, text, path):
        """A value that is written as text, as in forms, XML, headers and paths."""
        kind = shape.type_name
        try:
            if kind in INTEGERS:
                return int(text)
            if kind in FRACTIONS:
                return float(text)
            if kind == "blob":
                return base64.b64decode(text, validate=True)
            if kind == "timestamp":
                return parse_timestamp(text)
        except (ValueError, binascii.Error):
            self.fault(path, f"is {text[:60]!r}, which is no {kind}")
            return None
        if kind == "boolean":
            if text not in ("true", "false"):
                self.fault(path, f"is {text[:60]!r}, which is no boolean")
            return text == "true"
        return text


class Json(Reader):
    """A value of JSON."""

    def read(self, shape, value, path=""):
        if value is None:
            return None
        if getattr(shape, "is_document_type", False):
            return value
        return getattr(self, shape.type_name, self.scalar)(shape, value, path)

    def structure(self, shape, value, path):
        if not isinstance(value, dict):
            return self.fault(path, f"is {value!r:.60}, which is no structure")
        known = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        for name in value.keys() - known.keys():
            self.fault(f"{path}.{name}", "is not in the model")
        read = {known[name]: member for name, member in value.items() if name in known}
        read = {name: self.read(shape.members[name], member, f"{path}.{name}") for name, member in read.items()}
        return {name: member for name, member in read.items() if member is not None}

    def list(self, shape, value, path):
        if not isinstance(value, list):
            return self.fault(path, f"is {value!r:.60}, which is no list")
        return [self.read(shape.member, row, f"{path}[]") for row in value]

    def map(self, shape, value, path):
        if not isinstance(value, dict):
            return self.fault(path, f"is {value!r:.60}, which is no map")
        return {name: self.read(shape.value, member, f"{path}{{}}") for name, member in value.items()}

    def scalar(self, shape, value, path):
        kind = shape.type_name
        if kind == "timestamp":
            return self.moment(shape, value, path)
        fits = {
            "boolean": lambda: isinstance(value, bool),
            "blob": lambda: isinstance(value, str),
            "string": lambda: isinstance(value, str),
        }
        for name in INTEGERS:
            fits[name] = lambda: isinstance(value, int) and not isinstance(value, bool)
        for name in FRACTIONS:
            fits[name] = lambda: isinstance(value, (int, float)) and not isinstance(value, bool)
        if not fits[kind]():
            return self.fault(path, f"is {value!r:.60}, which is no {kind}")
        return self.plain(shape, value, path) if kind == "blob" else value

    def moment(self, shape, value, path):
        of_seconds = shape.serialization.get("timestampFormat", "unixTimestamp") == "unixTimestamp"
        if of_seconds != isinstance(value, (int, float)):
            return self.fault(path, f"is {value!r:.60}, which is no timestamp of this service")
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc) if of_seconds else self.plain(shape, value, path)


class Form(Reader):
    """The fields of awsQuery and ec2Query."""

    def __init__(self, is_ec2):
        super().__init__()
        self.is_ec2 = is_ec2

    def fields(self, shape, fields):
        root = {}
        for name, value in fields:
            at = root
            *steps, last = name.split(".")
            for step in steps:
                at = at.setdefault(step, {})
                if not isinstance(at, dict):
                    self.fault(f".{name}", "is below a value")
                    at = {}
            at[last] = value
        return self.read(shape, root)

    def read(self, shape, value, path=""):
        reading = {"structure": self.structure, "list": self.list, "map": self.map}.get(shape.type_name)
        if reading is not None:
            if not isinstance(value, dict):
                is_empty = value == "" and shape.type_name == "list"
                # An empty list is written as an empty field.
                return [] if is_empty else self.fault(path, f"is {value!r:.60}, which is no {shape.type_name}")
            return reading(shape, value, path)
        if isinstance(value, dict):
            return self.fault(path, f"has members, and is a {shape.type_name}")
        return self.plain(shape, value, path)

    def name(self, name, member):
        if not self.is_ec2:
            return member.serialization.get("name", name)
        own = member.serialization.get("queryName")
        name = member.serialization.get("name", name)
        return own or name[0].upper() + name[1:]

    def structure(self, shape, value, path):
        known = {self.name(name, member): name for name, member in shape.members.items()}
        # A flattened list bears the name of its rows.
        for name, member in shape.members.items():
            if member.type_name == "list" and member.serialization.get("flattened") and not self.is_ec2:
                known[member.member.serialization.get("name", self.name(name, member))] = name
        for name in value.keys() - known.keys():
            self.fault(f"{path}.{name}", "is not in the model")
        return {
            known[name]: self.read(shape.members[known[name]], member, f"{path}.{known[name]}")
            for name, member in value.items()
            if name in known
        }

    def list(self, shape, value, path):
        if not (self.is_ec2 or shape.serialization.get("flattened")):
            row = shape.member.serialization.get("name", "member")
            if list(value) != [row]:
                return self.fault(path, f"has {sorted(value)} in place of {row}")
            value = value[row]
        expected = [str(number) for number in range(1, len(value) + 1)]
        if sorted(value, key=lambda number: number.zfill(9)) != expected:
            return self.fault(path, f"is numbered {sorted(value)}")
        return [self.read(shape.member, value[number], f"{path}[]") for number in expected]

    def map(self, shape, value, path):
        entries = value if shape.serialization.get("flattened") else value.get("entry", {})
        key, member = (part.serialization.get("name", name) for part, name in ((shape.key, "key"), (shape.value, "value")))
        return {entry[key]: self.read(shape.value, entry[member], f"{path}{{}}") for entry in entries.values()}


class Xml(Reader):
    """A value of XML, as awsQuery, ec2Query and restXml write it."""

    def read(self, shape, node, path=""):
        reading = {"structure": self.structure, "list": self.list, "map": self.map}.get(shape.type_name)
        if reading is not None:
            return reading(shape, node, path)
        if len(node):
            return self.fault(path, f"has elements, and is a {shape.type_name}")
        return self.plain(shape, node.text or "", path)

    def structure(self, shape, node, path, passed_over=()):
        known = {name: member for name, member in shape.members.items() if "location" not in member.serialization}
        known = {self.name(name, member): name for name, member in known.items()}
        read = {}
        for child in node:
            name = local(child)
            if name not in known:
                if name not in passed_over:
                    self.fault(f"{path}.{name}", "is not in the model")
                continue
            member = shape.members[known[name]]
            value = self.member(member, child, f"{path}.{known[name]}")
            is_repeated = member.type_name == "list" and member.serialization.get("flattened")
            read[known[name]] = read.get(known[name], []) + value if is_repeated else value
        return read

    def name(self, name, member):
        if member.type_name == "list" and member.serialization.get("flattened"):
            name = member.member.serialization.get("name", name)
        return member.serialization.get("name", name)

    def member(self, shape, node, path):
        if shape.type_name == "list" and shape.serialization.get("flattened"):
            return [self.read(shape.member, node, f"{path}[]")]
        return self.read(shape, node, path)

    def list(self, shape, node, path):
        expected = shape.member.serialization.get("name", "member")
        for child in node:
            if local(child) != expected:
                self.fault(path, f"has rows called {local(child)} in place of {expected}")
        return [self.read(shape.member, child, f"{path}[]") for child in node]

    def map(self, shape, node, path):
        key, value = (part.serialization.get("name", name) for part, name in ((shape.key, "key"), (shape.value, "value")))
        entries = [{local(part): part for part in entry} for entry in node]
        return {entry[key].text: self.read(shape.value, entry[value], f"{path}{{}}") for entry in entries}


def local(node):
    return re.sub(r"^\{.*\}", "", node.tag)


def parse(body):
    """The root of a text of XML."""
    return ElementTree.fromstring(body)
