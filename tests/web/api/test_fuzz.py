"""Whatever is sent to the interface, it answers as it says it would."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from schemathesis.checks import CHECKS, load_all_checks  # noqa: E402

load_all_checks()
KEPT = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
    ]
)
EXAMPLES = 8  # an address; what is slow draws more


@pytest.fixture(scope="module")
def described(case):
    """The interface as it describes itself, asked by the secretariat."""
    from django.contrib.auth import get_user_model
    from django.core.handlers.wsgi import WSGIHandler

    from renvand.web.api import tokens

    office = get_user_model().objects.get(username="office")
    key = tokens.make(office, "fuzz", days=30)
    headers = {"Authorization": f"Bearer {key}", "Host": "localhost"}
    found = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", WSGIHandler(), headers={"Host": "localhost"}
    )
    found.config.update(headers=headers)
    return found


def fuzz(described, *, examples: int, **how) -> int:
    """Send generated requests to every address; returns how many there are."""
    count = 0
    for found in described.get_all_operations():
        operation = found.ok()
        drawn = st.one_of(
            operation.as_strategy(),
            operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
        )

        @settings(
            max_examples=examples,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            **how,
        )
        @given(case=drawn)
        def keeps_its_word(case):
            case.call_and_validate(checks=KEPT)

        keeps_its_word()
        count += 1
    return count


def test_the_interface_keeps_its_word(described):
    assert fuzz(described, examples=EXAMPLES, derandomize=True) >= 15


@pytest.mark.slow
def test_the_interface_keeps_its_word_at_length(described):
    assert fuzz(described, examples=200) >= 15
