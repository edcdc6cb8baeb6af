"""Holds one exchange against the model of its operation."""

import json

import botocore.parsers
import botocore.session
from botocore.validate import ParamValidator

import answers
import asked
from check import check
from known import SERVICES, is_common, is_known
from read import Json



class Judge:
    """AWS's service models, loaded once each."""

    def __init__(self):
        self.session = botocore.session.get_session()
        self.models = {}

    def model(self, signing_name):
        name = SERVICES.get(signing_name, signing_name)
        if name not in self.models:
            self.models[name] = self.session.get_service_model(name)
        return self.models[name]

    def judge(self, exchange, may_be_wrong=False):
        """The operation and what differs from its model. Where a request may be wrong, it must then be refused."""
        if exchange["service"] is None:
            return "unsigned", []
        model = self.model(exchange["service"])
        try:
            operation = model.operation_model(asked.operation_name(model, exchange))
        except asked.Unknown as error:
            return model.service_name, [] if may_be_wrong else [f"request: {error}"]
        name = f"{model.service_name}:{operation.name}"
        found = [f"request{fault}" for fault in request_faults(model, operation, exchange)]
        if may_be_wrong and is_refused(exchange):
            found = []
        if exchange["answer"] is not None:
            found += [f"answer{fault}" for fault in answer_faults(model, operation, exchange)]
        return name, [fault for fault in found if not is_known(name, fault)]


def is_refused(exchange):
    return exchange["answer"] is None or exchange["answer"]["status"] >= 400


def request_faults(model, operation, exchange):
    given, faults = asked.parameters(model, operation, exchange)
    yield from faults
    if operation.input_shape is not None:
        yield from check(operation.input_shape, given)
        yield from botocore_says(given, operation.input_shape)


def botocore_says(given, shape):
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        yield from (f" for botocore: {line}" for line in report.generate_report().splitlines())


def answer_faults(model, operation, exchange):
    if is_refused(exchange):
        yield from error_faults(model, operation, exchange)
        return
    result, faults = answers.result(model, operation, exchange)
    yield from faults
    if result is not None:
        yield from check(operation.output_shape, result)
    yield from unparsed(model, operation, exchange)


def error_faults(model, operation, exchange):
    code, members = answers.error(model, exchange)
    status = exchange["answer"]["status"]
    if exchange["method"] == "HEAD":
        # Its answer has no body.
        return
    shapes = [shape for shape in operation.error_shapes if code in codes_of(shape, model)]
    if shapes:
        expected = shapes[0].metadata.get("error", {}).get("httpStatusCode", status)
        if model.protocol in ("rest-json", "rest-xml", "query") and expected != status:
            yield f": {code} has the status {status} in place of {expected}"
        yield from error_members(shapes[0], code, members)
    elif not is_common(model.service_name, code):
        yield f": {code} is no error of this operation"


def codes_of(shape, model):
    """In XML an error is called by its code, which may differ from the name of its shape."""
    is_xml = model.protocol in ("query", "ec2", "rest-xml")
    return {shape.error_code} if is_xml else {shape.error_code, shape.name}


def error_members(shape, code, members):
    """AWS's SDKs read the message in either spelling, and the sandbox writes both."""
    own = {name: value for name, value in members.items() if name not in ("message", "Message")}
    reader = Json()
    read = reader.read(shape, own, f" {code}") or {}
    yield from reader.faults
    for name, value in read.items():
        yield from check(shape.members[name], value, f" {code}.{name}")


def unparsed(model, operation, exchange):
    """Whether botocore's own parser reads the answer."""
    protocol = "json" if "x-amz-target" in exchange["headers"] else model.protocol
    answer = exchange["answer"]
    response = {
        "body": answer["body"].encode(),
        "headers": {name.lower(): value for name, value in answer["headers"].items()},
        "status_code": answer["status"],
    }
    try:
        botocore.parsers.create_parser(protocol).parse(response, operation.output_shape)
    except (botocore.parsers.ResponseParserError, ValueError, json.JSONDecodeError) as error:
        yield f" is not read by botocore: {error}"
