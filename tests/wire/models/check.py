"""What AWS's models say of values: required members, enums, lengths, patterns and ranges.

botocore's own validator knows required members, types and lower bounds alone; so this is beside it.
"""

import regex


def check(shape, value, path=""):
    """Yields what is wrong with a value that was read by its shape."""
    if value is None or getattr(shape, "is_document_type", False):
        return
    yield from CHECKS.get(shape.type_name, nothing)(shape, value, path)


def nothing(_shape, _value, _path):
    return ()


def structure(shape, value, path):
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{path}.{name} is missing"
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        yield f"{path} must have exactly one member, and has {sorted(value)}"
    for name, member in value.items():
        yield from check(shape.members[name], member, f"{path}.{name}")


def rows(shape, value, path):
    yield from within(shape, len(value), f"{path} has", " rows")
    for row in value:
        yield from check(shape.member, row, f"{path}[]")


def mapping(shape, value, path):
    yield from within(shape, len(value), f"{path} has", " entries")
    for name, member in value.items():
        yield from check(shape.key, name, f"{path}{{key}}")
        yield from check(shape.value, member, f"{path}{{}}")


def text(shape, value, path):
    yield from within(shape, len(value), f"{path} has", f" characters: {value[:60]!r}")
    if shape.enum and value not in shape.enum:
        yield f"{path} is {value!r}, which is none of {shape.enum[:5]} …"
    pattern = shape.metadata.get("pattern")
    if pattern and not matches(pattern, value):
        yield f"{path} is {value[:80]!r}, which does not match {pattern}"


def number(shape, value, path):
    yield from within(shape, value, f"{path} is", "")


def within(shape, size, what, unit):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{what} {size}{unit}, less than {least}"
    if most is not None and size > most:
        yield f"{what} {size}{unit}, more than {most}"


def matches(pattern, value):
    """As AWS's services read patterns: the whole text, whether or not the pattern has anchors."""
    try:
        return regex.fullmatch(pattern, value, regex.V0) is not None
    except regex.error:
        # Some models write Java's syntax, which says nothing here.
        return True


CHECKS = {
    "structure": structure,
    "list": rows,
    "map": mapping,
    "string": text,
    "integer": number,
    "long": number,
    "float": number,
    "double": number,
}
