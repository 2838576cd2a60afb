"""Gold files: what is read, and which direction they are in."""

import pytest

from glossary.alignment import evaluate_folder, find_gold, parse_gold, read_gold
from glossary.errors import EvaluationError


def write(folder, gold, **texts):
    (folder / "a.gold").write_text(gold, encoding="utf-8")
    for lang, lines in texts.items():
        (folder / f"a.{lang}").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "where"),
    [("[0]:[0]\nnonsense\n", "gold:2"), ("[0]:[0]\n[1]:[0]\n", "gold:2"), ("[0][0]", "gold:1"), ("[x]:[0]", "gold:1")],
)
def test_a_malformed_line_is_named(text, where):
    with pytest.raises(EvaluationError, match=where):
        parse_gold(text)


def test_direction_is_read_off_the_indices(tmp_path):
    write(tmp_path, "[0]:[0, 1]\n[1]:[2]\n", zh=["一。", "二。"], en=["a.", "b.", "c."])
    (pair,) = find_gold(tmp_path)
    assert (pair.source_lang, pair.target_lang) == ("zh", "en")


def test_an_ambiguous_direction_must_be_named(tmp_path):
    write(tmp_path, "[0]:[0]\n", zh=["一。"], en=["a."])
    with pytest.raises(EvaluationError, match="--source-lang"):
        find_gold(tmp_path)
    (pair,) = find_gold(tmp_path, source_lang="zh")
    assert pair.source_lang == "zh"


def test_a_sentence_past_the_last_line_is_an_error(tmp_path):
    write(tmp_path, "[0]:[0]\n[1]:[7]\n", zh=["一。", "二。"], en=["a.", "b."])
    with pytest.raises(EvaluationError, match="neither direction"):
        find_gold(tmp_path)
    with pytest.raises(EvaluationError, match=r"names sentence 7, but a\.en has only 0 to 1"):
        find_gold(tmp_path, source_lang="zh")


def test_missing_pieces_are_errors(tmp_path):
    with pytest.raises(EvaluationError, match="no NAME"):
        find_gold(tmp_path)
    write(tmp_path, "[0]:[0]\n", en=["a."])
    with pytest.raises(EvaluationError, match="needs two texts"):
        find_gold(tmp_path)
    with pytest.raises(EvaluationError, match="not a readable gold file"):
        read_gold(tmp_path / "nowhere.gold")


def test_evaluation_counts_and_lists_what_is_wrong(tmp_path):
    write(
        tmp_path,
        "[0]:[0]\n[1]:[1]\n[2]:[]\n",
        en=["The cat sleeps on the roof.", "He bought three fish.", "Taxes rose by 90 per cent last year."],
        zh=["猫在屋顶上睡觉。", "他买了三条鱼。"],
    )
    result = evaluate_folder(tmp_path, aligner="combined")
    assert result.total.strict.f1 == 1.0
    assert result.total.types["1-0"].gold == 1
    assert result.wrong == ()
    assert result.documents[0].sentences == 5
    assert result.sentences_per_cpu_second > 0
    assert result.peak_memory_mb > 10
    wrong = evaluate_folder(tmp_path, aligner="length")
    assert {w.kind for w in wrong.wrong} == {"missed", "wrong"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "languages"),
    [
        ("fiction-dev", ("zh", "en")),
        ("academic-dev", ("en", "zh")),
        ("alpine-dev", ("de", "fr")),
        ("seed-003", ("en", "zh")),
    ],
)
def test_directions_of_the_shared_gold(shared, folder, languages):
    assert {(g.source_lang, g.target_lang) for g in find_gold(shared / "corpora/alignment" / folder)} == {languages}
