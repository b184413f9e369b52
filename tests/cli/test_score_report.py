"""`tmalign score --html`."""

import pytest
from typer.testing import CliRunner

from tmalign.cli.app import app
from tmalign.errors import OutputError


@pytest.fixture
def arguments(tmp_path):
    # Invented for this test.
    texts = {
        "r.en": "The Minister held a meeting.\nThe details are being confirmed.\n",
        "a.en": "The minister held a meeting.\nDetails are being confirmed.\n",
        "b.en": "The minister met.\nNothing is known.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [
        "score",
        "--reference",
        f"{tmp_path / 'r.en'}",
        "--hypothesis",
        f"A={tmp_path / 'a.en'}",
        f"B={tmp_path / 'b.en'}",
    ]


def test_a_page_beside_the_table(arguments, tmp_path):
    result = CliRunner().invoke(app, [*arguments, "--samples", "10", "--html", f"{tmp_path / 'new' / 'report.html'}"])
    assert result.exit_code == 0
    assert "BLEU" in result.stdout
    assert "<html" not in result.stdout
    page = (tmp_path / "new" / "report.html").read_bytes()
    assert page.startswith(b"<!DOCTYPE html>")
    assert page.endswith(b"</html>\n")


def test_a_page_on_standard_output(arguments):
    result = CliRunner().invoke(app, [*arguments, "--samples", "0", "--html", "-"])
    assert result.exit_code == 0
    assert result.stdout.startswith("<!DOCTYPE html>")
    assert result.stdout.endswith("</html>\n")


def test_a_page_that_cannot_be_written(arguments, tmp_path):
    result = CliRunner().invoke(app, [*arguments, "--samples", "0", "--html", f"{tmp_path}"])
    assert isinstance(result.exception, OutputError)
