"""Pages are set up once in a process; tests of other floors may have set Django up before."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _fresh_template_engines():
    """Forget template engines that were made before the pages named their templates."""
    from django.template import engines

    vars(engines).pop("templates", None)
    engines._templates, engines._engines = None, {}
