import jsonschema
import pytest

from ai_data_engineer.errors import AdeError
from ai_data_engineer.requests import GenerateRequest

PLAIN = ["orders.csv", "s3://shop/orders@2024.csv", "https://host/x.csv?page=2", "data/*.csv.gz"]
SECRET = [
    "https://ana:hunter22@host/x.csv",
    "s3://AKIA123@shop/orders.csv",
    "https://host/x.csv?X-Amz-Signature=hunter22",
    "https://host/x.csv?a=1&token=hunter22",
    "https://host/x.csv?Key-Pair-Id=AKIA123&Signature=hunter22",
    "https://host/x.csv?key=hunter22",
]


@pytest.mark.parametrize("uri", PLAIN)
def test_an_address_without_credentials_is_taken(uri):
    assert GenerateRequest(sources=[f" {uri} "]).sources == [uri]


@pytest.mark.parametrize("uri", SECRET)
def test_an_address_with_credentials_is_refused_without_being_repeated(uri):
    with pytest.raises(AdeError, match=r"E_REQUEST sources\.0: .* holds credentials") as caught:
        GenerateRequest.checked(sources=[uri])
    assert "hunter22" not in str(caught.value)
    assert "AKIA123" not in str(caught.value)


@pytest.mark.parametrize("uri", [*PLAIN, *SECRET])
def test_the_schema_refuses_the_same_addresses(uri):
    schema = jsonschema.Draft202012Validator(GenerateRequest.model_json_schema())
    assert schema.is_valid({"sources": [uri]}) is (uri in PLAIN)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"sources": []}, "sources"),
        ({"sources": ["a.csv"], "provider": "gpt"}, "provider"),
        ({"sources": ["a.csv"], "gaol": "sum"}, "gaol"),
        ({}, "sources"),
    ],
)
def test_a_wrong_request_names_the_field(fields, names):
    with pytest.raises(AdeError, match=f"E_REQUEST {names}: "):
        GenerateRequest.checked(**fields)


def test_a_place_for_the_bundle_is_a_path():
    assert GenerateRequest.checked(sources=["a.csv"], output="b/c.zip").output == "b/c.zip"


def test_each_problem_is_a_sentence() -> None:
    with pytest.raises(AdeError) as caught:
        GenerateRequest.checked(sources=["https://ada:x@host/a.csv"], provider="oracle")

    assert str(caught.value).startswith("E_REQUEST sources.0: The address holds credentials")
    assert "provider: Input should be 'auto', 'offline', 'gemini'," in str(caught.value)
    assert str(caught.value).endswith("'openai' or 'replay'.")


def test_no_example_is_shown_and_the_cache_is_used_unless_something_else_is_asked_for() -> None:
    request = GenerateRequest(sources=["a.csv"])

    assert (request.show_examples, request.use_cache) == (False, True)
