"""Prints the OpenAPI description of the JSON interface, from which the types of the page's requests are made."""

import json

from inkmeans.web import create_app

print(json.dumps(create_app().openapi(), indent=2, ensure_ascii=False))
