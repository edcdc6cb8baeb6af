"""Makes data/managed_policies.z: the path and name of every policy that AWS manages, of moto's copy of them.

    pip download --no-deps moto && unzip moto-*.whl -d moto
    scripts/managed_policies.py moto

The table is compressed by zlib and sorted. Its first line is the day of the latest change in it; the others are paths
with names, as they stand behind `arn:aws:iam::aws:policy/`.
"""

import json
import pathlib
import re
import sys
import zlib

TABLE = pathlib.Path(__file__).parent.parent / "data/managed_policies.z"


def policies(folder):
    text = (folder / "moto/iam/aws_managed_policies.py").read_text()
    return json.loads(re.search(r'"""(.*)"""', text, re.DOTALL).group(1))


def lines(all_of_them):
    yield max(policy["UpdateDate"] for policy in all_of_them.values())[:10]
    yield from sorted(policy["Path"].lstrip("/") + name for name, policy in all_of_them.items())


if __name__ == "__main__":
    table = "\n".join(lines(policies(pathlib.Path(sys.argv[1]))))
    TABLE.write_bytes(zlib.compress(table.encode(), 9))
