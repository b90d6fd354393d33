"""Copies of documents through the API: the file as it is, or where it can be had."""

import hashlib
import json

import pytest

from aldia.formats.copies import FILE_BYTES_MAX
from tests.api.conftest import Program, given_token

PDF = b"%PDF-1.7 \x00\xff de prueba %%EOF"


@pytest.fixture
def program(luz):
    return Program(given_token(luz)[1])


@pytest.fixture
def address(program):
    documents = program.get("/documents")[1]["documents"]
    return next(f"/documents/{each['id']}/copy" for each in documents if each["number"] == "F-1")


def _put(program, address, content, **query):
    response = program.client.generic(
        "PUT", f"/api/v1{address}", content, content_type="application/pdf", headers=program.headers, **query
    )
    return response.status_code, json.loads(response.content)


def test_a_file_is_put_seen_and_withdrawn(program, address):
    assert program.get(address)[1]["copies"] == []
    status, told = _put(program, address, PDF, query_params={"file_name": "F-1.pdf"})
    (copy,) = told["copies"]
    assert (status, copy["kind"], copy["file_name"], copy["size"]) == (200, "pdf", "F-1.pdf", len(PDF))
    assert copy["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert _put(program, address, PDF)[1] == told  # again is as once
    status, told = json_put(program, f"{address}-link", {"url": "https://a.example/1"})
    assert [each["kind"] for each in told["copies"]] == ["pdf", "link"]
    gone = program.ask("DELETE", f"{address}/pdf")
    assert (gone.status_code, [each["kind"] for each in json.loads(gone.content)["copies"]]) == (
        200,
        ["link"],
    )
    assert program.ask("DELETE", f"{address}/pdf").status_code == 200
    assert json.loads(program.ask("DELETE", f"{address}/link").content)["copies"] == []


def json_put(program, path, body):
    response = program.ask("PUT", path, body)
    return response.status_code, json.loads(response.content)


def test_what_cannot_be_a_copy_is_refused_with_its_reason(program, address):
    status, told = _put(program, address, b"MZ")
    assert (status, told["code"]) == (422, "copy_refused")
    assert "No es un PDF" in told["message"]
    assert _put(program, address, b"")[0] == 422
    assert _put(program, address, PDF + b"\0" * FILE_BYTES_MAX)[0] == 413
    assert _put(program, address, PDF.ljust(FILE_BYTES_MAX - 5) + b"%%EOF")[0] == 200
    status, told = json_put(program, f"{address}-link", {"url": "http://a.example"})
    assert (status, told["code"]) == (422, "copy_refused")
    assert _put(program, "/documents/999999999/copy", PDF)[0] == 404
    assert program.get("/documents/999999999/copy")[0] == 404
    assert program.ask("DELETE", f"{address}/doc").status_code == 422
