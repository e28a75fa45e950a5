"""An encoder beside the cues, and a fine-tuned one: both roads with a tiny model made here."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from weness import library
from weness.coding.codebook import codebook_named
from weness.coding.coder import Workplace, coder_named
from weness.coding.encoder import EncoderCoder, NoEncoder, embedder
from weness.engines import Inline
from weness.reading.gathering import read_study

NEEDED = os.environ.get("WENESS_NEEDS_ENCODERS")
DEMO = library.HERE / "demo"


def needs(module):
    """Skips where the extra is not installed, unless CI says that it must be."""
    if not NEEDED:
        pytest.importorskip(module, reason=f"the extra 'encoders' is not installed ({module})")


@pytest.fixture(scope="module")
def words():
    text = " ".join(path.read_text("utf-8") for path in sorted(DEMO.glob("*.txt")))
    return sorted({word for word in text.lower().split() if word.isalpha()})[:400]


@pytest.fixture(scope="module")
def tokenizer(words):
    needs("transformers")
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words])}
    plain = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    plain.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=plain, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
                                   sep_token="[SEP]", mask_token="[MASK]")  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tokenizer, tmp_path_factory):
    """A Bert of two layers that has read nothing yet."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny")
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """Two partnerships are the fewest that a model can be checked on."""
    other = tmp_path_factory.mktemp("lessons") / "other"
    shutil.copytree(DEMO, other)
    return [DEMO, other]


@pytest.fixture(scope="module")
def corpus():
    return read_study(DEMO)


def test_a_sentence_encoder_from_a_local_folder_codes_and_its_heads_are_remembered(tiny, corpus, lessons, tmp_path):
    needs("sentence_transformers")
    progress = []
    coder = EncoderCoder(str(tiny), progress=lambda *row: progress.append(row), folders=lessons, memory=tmp_path)
    found = coder.code(corpus, codebook_named(), Inline())
    selves = [mark for mark in found.marks if mark.code.startswith("WE_")]
    assert len(selves) >= len([one for one in corpus.mentions if one.of == "self"])
    assert {mark.kind for mark in found.marks} == {"encoder"}
    assert found.made["heads fitted on"].endswith("of 2 coded partnerships")
    (kept,) = tmp_path.glob("*.npz")  # the axes lie beside it as .npy
    before = kept.stat().st_mtime_ns
    again = EncoderCoder(str(tiny), folders=lessons, memory=tmp_path).code(corpus, codebook_named(), Inline())
    assert kept.stat().st_mtime_ns == before
    assert again.marks == found.marks
    assert progress


def test_a_static_encoder_is_known_by_its_configuration(words, tokenizer, tmp_path):
    needs("model2vec")
    from model2vec import StaticModel

    vectors = np.random.default_rng(0).normal(size=(len(tokenizer), 16)).astype(np.float32)
    StaticModel(vectors, tokenizer.backend_tokenizer).save_pretrained(tmp_path / "static")
    embed = embedder(str(tmp_path / "static"))
    assert embed(["la fundación paga", "we"]).shape == (2, 16)


def test_an_encoder_fine_tuned_on_coded_partnerships_codes_without_its_base(tiny, corpus, tmp_path):
    needs("transformers")
    from weness.coding.tuning import is_tuned, tune

    seen = []
    told = tune(str(tiny), [DEMO], tmp_path / "tuned", epochs=1, seed=3, progress=lambda *row: seen.append(row))
    assert "mentions of 1 partnerships" in told
    assert seen[-1][0] == seen[-1][1]
    assert is_tuned(tmp_path / "tuned")
    assert not list((tmp_path / "tuned").glob("*.bin"))
    made = json.loads((tmp_path / "tuned/weness.json").read_text("utf-8"))
    assert made["partnerships"] == ["demo"]
    found = EncoderCoder(str(tmp_path / "tuned")).code(corpus, codebook_named(), Inline())
    selves = [mark for mark in found.marks if mark.code.startswith("WE_")]
    assert len(selves) >= made["mentions"]
    assert all(0 < mark.probability <= 1 for mark in selves)


def test_a_folder_that_is_not_there_is_not_fetched():
    with pytest.raises(NoEncoder, match="There is no folder 'some/model'"):
        embedder("some/model")
    with pytest.raises(ValueError, match="needs --model"):
        coder_named("encoder", Workplace())


def test_a_folder_that_holds_no_model_is_told_in_a_sentence(tmp_path):
    needs("sentence_transformers")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(NoEncoder, match="no encoder that sentence-transformers can load"):
        embedder(str(tmp_path))


def test_the_core_never_imports_the_extras():
    import subprocess
    import sys

    told = "import sys, weness.cli, weness.study, weness.coding.builtin; print([m for m in ('torch', 'transformers', 'sklearn', 'model2vec') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
    assert Path(library.HERE).is_dir()
