"""models FOLDER: holds recorded exchanges against AWS's service models in botocore, and prints what differs as JSON.

FOLDER has the files that a sandbox writes where LANDING_SANDBOX_EXCHANGES is set: one exchange a line.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from judge import Judge


def exchanges(folder):
    """Every exchange, once, with the test binary that made it."""
    seen = set()
    for file in sorted(Path(folder).glob("*.jsonl")):
        binary = file.name.rsplit("-", 2)[0]
        with file.open() as lines:
            for line in lines:
                if line not in seen:
                    seen.add(line)
                    yield binary, json.loads(line)


def main():
    judge, findings, examples, judged = Judge(), Counter(), {}, Counter()
    for binary, exchange in exchanges(sys.argv[1]):
        operation, found = judge.judge(exchange, may_be_wrong=binary == "sandbox")
        judged[operation] += 1
        for finding in found:
            key = f"{operation}: {finding}"
            findings[key] += 1
            examples.setdefault(key, f"{binary}: {exchange['method']} {exchange['target']} {exchange['body'][:300]}")
    shown = [{"finding": key, "times": times, "example": examples[key]} for key, times in findings.items()]
    print(json.dumps({"judged": judged, "findings": shown}))


main()
