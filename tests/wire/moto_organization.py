"""moto_organization.py START_MOTO --port PORT: the stricter moto of the measuring tools, which refuses to know of Health's
operations as it does of others that it lacks. By itself it answers every request to a service that it does not know with HTTP
500, which SDKs repeat for most of a minute."""

import re
import runpy
import sys

from moto.backend_index import backend_url_patterns

backend_url_patterns.append(("organizations", re.compile(r"https?://health\.(.+)\.amazonaws\.com")))
sys.argv.pop(0)
runpy.run_path(sys.argv[0], run_name="__main__")
