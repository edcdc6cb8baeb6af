"""boto.py URL: makes the calls that come in as lines of JSON, and answers each with a line of JSON."""

import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

CLIENTS = {}


def client(service):
    if service not in CLIENTS:
        CLIENTS[service] = boto3.client(
            service, endpoint_url=sys.argv[1], config=Config(retries={"total_max_attempts": 1})
        )
    return CLIENTS[service]


def answer(request):
    call = getattr(client(request["service"]), xform_name(request["operation"]))
    try:
        reply = call(**request["parameters"])
    except ClientError as error:
        reason = error.response.get("Reason", "")
        return {"error": {"code": error.response["Error"]["Code"], "reason": reason, "message": str(error)}}
    except ParamValidationError as error:
        return {"error": {"code": "ParamValidationError", "reason": "", "message": str(error)}}
    reply.pop("ResponseMetadata")
    return {"answer": reply}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), default=str), flush=True)
