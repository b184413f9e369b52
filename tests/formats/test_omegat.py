"""OmegaT itself loads the glossary and the TBX of 2008: run headless, asked what it holds through its scripting."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tmalign.formats.glossary import write_glossary
from tmalign.formats.tbx import write_tbx
from tmalign.term_model import TermContext, TermEntry, TermRendering, TermStatus

JAR = Path("/usr/share/omegat/OmegaT.jar")

PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>JA</source_lang><target_lang>EN-US</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags></project></omegat>
"""

# Asks OmegaT's own readers what they understood of the files in the glossary folder.
SCRIPT = """
import org.omegat.gui.glossary.GlossaryReaderTBX
import org.omegat.gui.glossary.GlossaryReaderTSV
if (eventType.toString() == 'LOAD') {
  new File(System.getProperty('answer')).withWriter('UTF-8') { answer ->
    new File(project.projectProperties.glossaryRoot).eachFile { file ->
      def reader = file.name.endsWith('.tbx') ? GlossaryReaderTBX : GlossaryReaderTSV
      reader.read(file, false).each { answer.println([file.name, it.srcText, it.locText, it.commentText].join('\\t')) }
    }
  }
}
"""

ENTRIES = (
    TermEntry(
        "t1", "力による一方的な現状変更の試み", "phrase",
        (
            TermRendering("unilateral attempts to change the status quo by force", status=TermStatus.APPROVED,
                          preferred=True, note='the "fixed" form & no other'),
            TermRendering("one-sided moves", status=TermStatus.FORBIDDEN),
        ),
        variants=("一方的な現状変更",), note="joint statements", releases=("defence/a",),
        contexts=(TermContext("反対した。", "They opposed it.", release="defence/a", date="2031-01-02"),),
    ),
    TermEntry("t2", "㈱ＩＨＩ・𠮷野", "", (TermRendering("IHI <Corp.>"),)),
)  # fmt: skip


@pytest.mark.skipif(not JAR.exists() or not shutil.which("java"), reason="OmegaT is not installed")
def test_omegat_loads_the_glossary_and_the_older_tbx(tmp_path):
    project = tmp_path / "project"
    for name in ("source", "target", "tm", "glossary", "omegat", "dictionary"):
        (project / name).mkdir(parents=True)
    (project / "omegat.project").write_text(PROJECT, encoding="utf-8")
    (project / "source/a.txt").write_text("試み\n", encoding="utf-8")
    (tmp_path / "ask.groovy").write_text(SCRIPT, encoding="utf-8")
    with (project / "glossary/terms.utf8").open("wb") as stream:
        write_glossary(stream, ENTRIES)
    with (project / "glossary/terms.tbx").open("wb") as stream:
        write_tbx(stream, ENTRIES, "2008")
    answer = tmp_path / "answer.tsv"
    subprocess.run(
        [
            "java", "-Xmx512m", f"-Duser.home={tmp_path}", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
            f"-Danswer={answer}", "-jar", str(JAR), str(project), "--mode=console-translate",
            f"--config-dir={tmp_path / 'config'}", "--no-team", "--disable-project-locking",
            f"--script={tmp_path / 'ask.groovy'}",
        ],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    rows = [tuple(line.split("\t")) for line in answer.read_text(encoding="utf-8").splitlines()]
    glossary = {row[1:3] for row in rows if row[0] == "terms.utf8"}
    approved = "unilateral attempts to change the status quo by force"
    assert glossary == {
        ("力による一方的な現状変更の試み", approved),
        ("一方的な現状変更", approved),
        ("㈱ＩＨＩ・𠮷野", "IHI <Corp.>"),
    }
    tbx = {row[1:3] for row in rows if row[0] == "terms.tbx"}
    assert ("力による一方的な現状変更の試み", approved) in tbx
    assert ("㈱ＩＨＩ・𠮷野", "IHI <Corp.>") in tbx
