#!/usr/bin/env python3
"""Compares what landing decides with what @cloud-copilot/iam-simulate decides, on random cases.

usage: run.py LANDING NODE_FOLDER [SEED [COUNT]]

NODE_FOLDER is where `npm install @cloud-copilot/iam-simulate` was run. That package is under the AGPL: it runs as a
program of its own and is no part of landing. Cases that landing leaves undecided are counted, not compared. Differences
that explained.py explains are counted by their explanation; any other ends with exit code 1.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from cases import cases
from explained import other_words

HERE = Path(__file__).resolve().parent


def ours(landing, drawn):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(drawn, file)
        file.flush()
        start = time.monotonic()
        command = [landing, "simulate", "--cases", file.name, "--format", "json"]
        answers = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return {answer["id"]: answer["decision"] for answer in answers}, (time.monotonic() - start) * 1000


def theirs(folder, drawn):
    # Node looks for packages from where the script lies.
    script = Path(folder) / "simulate.mjs"
    script.write_text((HERE / "simulate.mjs").read_text())
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(drawn, file)
        file.flush()
        found = json.loads(subprocess.run(["node", script, file.name], check=True, capture_output=True).stdout)
    return found["decisions"], found["milliseconds"]


def explanations(folder, differing, own):
    """The explanation of each case that differs, as far as there is one."""
    found = {}
    wordings = [list(other_words(case)) for case in differing]
    for wording in zip(*wordings):
        why = wording[0][0]
        decisions, _ = theirs(folder, [case for _, case in wording])
        for case_id, decision in decisions.items():
            if decision == own[case_id]:
                found.setdefault(case_id, why)
    return found


def main():
    landing, folder = sys.argv[1:3]
    seed, count = (int(argument) for argument in (sys.argv[3:] + ["1", "10000"][len(sys.argv) - 3 :]))
    drawn = cases(seed, count)
    own, own_time = ours(landing, drawn)
    other, other_time = theirs(folder, drawn)
    decided = [case for case in drawn if own[case["id"]] != "Undecided"]
    differing = [case for case in decided if own[case["id"]] != other[case["id"]]]
    why = explanations(folder, differing, own)
    seen = Counter(f"both {own[case['id']]}" for case in decided if case not in differing)
    seen["undecided by landing"] = len(drawn) - len(decided)
    seen.update(f"explained: {reason}" for reason in why.values())
    for what, number in sorted(seen.items()):
        print(f"{number:6} {what}")
    unexplained = [case for case in differing if case["id"] not in why]
    print(f"{len(unexplained):6} unexplained")
    print(f"landing {own_time:.0f} ms with reading and writing, iam-simulate {other_time:.0f} ms without")
    for case in unexplained[:3]:
        print(json.dumps(case), own[case["id"]], other[case["id"]], sep="\n")
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
