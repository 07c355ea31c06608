"""Sends two situations through the client that openapi-python-client made."""

import json
import sys

from openfisca_bergen_hbt_client import Client
from openfisca_bergen_hbt_client.api.situations import calculate
from openfisca_bergen_hbt_client.models import Answer, Error, Situation

address, *bodies = sys.argv[1:]
client = Client(base_url=address)
right, wrong = (calculate.sync(client=client, body=Situation.from_dict(json.loads(body))) for body in bodies)
assert isinstance(right, Answer)
assert isinstance(wrong, Error)
json.dump([right.to_dict(), wrong.error, wrong.path], sys.stdout)
