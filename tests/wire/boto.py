"""boto.py URL: makes the calls that come in as lines of JSON, and answers each with a line of JSON."""

import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

CLIENTS = {}


def client(service, region=None, account=None):
    place = (service, region, account)
    if place not in CLIENTS:
        CLIENTS[place] = boto3.client(
            service,
            region_name=region,
            endpoint_url=sys.argv[1],
            config=Config(retries={"total_max_attempts": 1}),
            **(entered(account) if account else {}),
        )
    return CLIENTS[place]


def entered(account):
    """The session that opens a member account."""
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    given = client("sts").assume_role(RoleArn=role, RoleSessionName="boto")["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def answer(request):
    chosen = client(request["service"], request.get("region"), request.get("account"))
    call = getattr(chosen, xform_name(request["operation"]))
    try:
        reply = call(**request["parameters"])
    except ClientError as error:
        reason = error.response.get("Reason", "")
        return {"error": {"code": error.response["Error"]["Code"], "reason": reason, "message": str(error)}}
    except ParamValidationError as error:
        return {"error": {"code": "ParamValidationError", "reason": "", "message": str(error)}}
    reply.pop("ResponseMetadata")
    if "Body" in reply:
        reply["Body"] = reply["Body"].read().decode()
    return {"answer": reply}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), default=str), flush=True)
