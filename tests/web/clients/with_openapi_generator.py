"""Sends two situations through the client that openapi-generator made."""

import json
import sys

from generated import ApiClient, ApiException, Configuration, Situation, SituationsApi

address, *bodies = sys.argv[1:]
api = SituationsApi(ApiClient(Configuration(host=address)))
right, wrong = (Situation.from_dict(json.loads(body)) for body in bodies)
answer = api.calculate(right).to_dict()
try:
    api.calculate(wrong)
except ApiException as error:
    json.dump([answer, error.data.error, error.data.path], sys.stdout)
