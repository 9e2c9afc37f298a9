"""Asks the search what a visitor would."""

from typing import Any

from django.test import Client


def ask(client: Client, query: str, **parameters: str) -> dict[str, Any]:
    """Return the answer to a query as data."""
    response = client.get("/search/", {"query": query, "format": "json", **parameters})
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def titles(client: Client, query: str, **parameters: str) -> list[str]:
    """Return the titles of the results on one page."""
    return [each["title"] for each in ask(client, query, **parameters)["results"]]


def page(client: Client, query: str, **parameters: str) -> str:
    """Return the page of results as HTML."""
    response = client.get("/search/", {"query": query, **parameters})
    assert response.status_code == 200
    return response.content.decode()
