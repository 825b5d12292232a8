"""What every test may use. A kind of test that needs more has a ``conftest.py`` of its own."""

pytest_plugins = ["tests.databases"]
