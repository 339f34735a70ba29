"""The shells as a person types into them."""

import pytest

from modicum.cli.application import run


@pytest.fixture
def command(capsys, tmp_path, monkeypatch):
    """Run a command in an empty folder; its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
