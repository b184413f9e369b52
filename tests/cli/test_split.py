"""`tmalign split` on input that is not what it should be."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800。\udfff", "。" * 500, "あ" * 50_000, "\n\n", "\u2028\u0085", "\ufeff"]
)
@pytest.mark.parametrize("language", ["ja", "en", None])
def test_any_text_is_answered_by_spans_of_itself(tmalign_command, text, language):
    options = ["--language", language] if language else []
    given = json.dumps({"id": "x", "text": text}).encode()
    ended = tmalign_command("split", "--batch", "-", *options, given=given, encoding="ascii")
    assert (ended.code, ended.err) == (0, "")
    for sentence in json.loads(ended.out)["sentences"]:
        assert sentence["text"] == text[sentence["start"] : sentence["end"]]


def test_rows_that_cannot_be_answered_do_not_stop_the_others(tmalign_command):
    given = b'{"id": "a"}\n{"id": "b", "text": "It is over."}\nnot json\n{"id": 1, "text": "x"}'
    ended = tmalign_command("split", "--batch", "-", given=given)
    answers = [json.loads(line) for line in ended.lines]
    assert ended.code == 1
    assert [answer["id"] for answer in answers] == ["line 1", "b", "line 3", "line 4"]
    assert ["error" in answer for answer in answers] == [True, False, True, True]
    assert ended.err.count("tmalign: ") == 3


def test_a_page_as_text_and_as_json(tmalign_command, tmp_path):
    page = tmp_path / "a.ja.txt"
    page.write_text("会談した。\n１　協力する。\n", encoding="utf-8")
    assert tmalign_command("split", page, encoding="ascii").lines == ["会談した。", "協力する。"]
    answer = json.loads(tmalign_command("split", page, "--json", encoding="ascii").out)
    assert [s["marker"] for s in answer["sentences"]] == ["", "１"]


def test_wrong_calls_and_files(tmalign_command, tmp_path):
    empty = tmp_path / "e.ja.txt"
    empty.touch()
    calls = [([empty], 1), ([tmp_path], 1), ([tmp_path / "none.ja.txt"], 1), ([], 2), ([empty, "--batch", "-"], 2)]
    calls += [(["--batch", "-"], 1), (["--batch", tmp_path], 1)]
    for arguments, code in calls:
        ended = tmalign_command("split", *arguments)
        assert (ended.code, ended.out) == (code, b"")
        assert "tmalign: " in ended.err
