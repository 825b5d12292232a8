"""``python -m pilotkit.cli``: the same as the ``pilotkit`` command."""

from pilotkit.cli.app import main

main()
