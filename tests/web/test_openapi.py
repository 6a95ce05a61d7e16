"""The description of the interface, served by the server itself."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

KEPT = Path(__file__).parents[2] / "frontend" / "openapi.json"


def test_the_description_is_openapi_3_1_and_names_every_route(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {path: sorted(methods) for path, methods in document["paths"].items()} == {
        "/api/v1/drawings": ["post"],
        "/api/v1/read": ["post"],
        "/api/v1/models": ["get"],
        "/api/v1/models/{model}/centers": ["get"],
        "/api/v1/lesson": ["get"],
        "/api/v1/lesson/pictures/{model}": ["get"],
        "/api/v1/lesson/readings": ["post"],
        "/api/v1/learn/sets": ["get", "post"],
        "/api/v1/learn/sets/{set}": ["get"],
        "/api/v1/learn/sets/{set}/truths": ["get"],
        "/api/v1/learn/traces": ["post"],
        "/api/v1/learn/runs": ["post"],
        "/api/v1/learn/numbers": ["post"],
        "/api/v1/learn/clusterings": ["post"],
        "/api/v1/learn/clusterings/{clustering}/accuracy": ["post"],
        "/api/v1/learn/clusterings/{clustering}/project": ["post"],
        "/api/v1/learn/clusterings/{clustering}/readings": ["post"],
        "/api/v1/class": ["get"],
        "/api/v1/class/desk": ["get", "post"],
        "/api/v1/class/drawings": ["post"],
        "/api/v1/class/end": ["post"],
        "/api/v1/class/keep": ["post"],
        "/api/v1/class/phones": ["post"],
        "/api/v1/class/reader": ["post"],
        "/api/v1/class/set": ["post"],
        "/api/v1/class/settings": ["post"],
        "/healthz": ["get"],
        "/readyz": ["get"],
    }


def test_every_route_says_that_its_failures_are_problem_documents(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            for status in ("4XX", "5XX"):
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_two_ways_to_send_ink_are_described(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    content = document["paths"]["/api/v1/read"]["post"]["requestBody"]["content"]
    assert set(content) == {"multipart/form-data", "application/json"}
    assert content["application/json"]["schema"]["$ref"].rpartition("/")[2] in document["components"]["schemas"]


def test_nothing_of_the_description_comes_from_another_host(client: TestClient) -> None:
    assert "://" not in client.get("/api/v1/openapi.json").text
    assert client.get("/redoc").status_code == 404


def test_the_page_is_typed_by_this_description(client: TestClient) -> None:
    served = client.get("/api/v1/openapi.json").json()
    assert served == json.loads(KEPT.read_text()), "the JSON interface has changed; keep it for the page: make openapi"
