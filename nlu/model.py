"""The model as one file: what is in it, when it must be made again, and how it is written without a torn state."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu import chatwords, classifier
from nlu.chatwords import ChatWords
from nlu.classifier import Classifier, Judgement
from nlu.examples import read_examples
from nlu.features import Vocabulary
from nlu.lexicon import Lexicon, Name
from nlu.network import Network
from nlu.normalise import TERMS

SEED = 7
_CODE = (
    "normalise",
    "examples",
    "numbers",
    "features",
    "names",
    "network",
    "span",
    "classifier",
    "lexicon",
    "chatwords",
    "model",
)


def digest(data_dir: Path) -> str:
    """Of everything a model is made from: examples, gazetteer, chat spellings and the code that trains."""
    files = sorted((data_dir / "nlu").rglob("*.yml"))
    files += [data_dir / "gazetteer.yml", TERMS, *(Path(__file__).with_name(f"{name}.py") for name in _CODE)]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def ensure_model(
    data_dir: Path, model_path: Path, *, seed: int = SEED, progress: Callable[[str], None] = print
) -> None:
    """Train and write the model unless the one there was made from the same data by the same code."""
    if is_current(data_dir, model_path):
        return
    examples = read_examples([data_dir / "nlu"])
    progress(f"Training the language model on {len(examples)} examples (once, about half a minute)…")
    trained = classifier.train([e.text for e in examples], [e.intent for e in examples], seed)
    chat = chatwords.learn([e.text for e in examples], [e.language or "" for e in examples], seed)
    save(
        model_path,
        Trained(trained, Lexicon.learn(data_dir / "gazetteer.yml", examples), chat),
        digest(data_dir),
    )


def is_current(data_dir: Path, model_path: Path) -> bool:
    """Whether the model there was made from this data by this code."""
    return stored_digest(model_path) == digest(data_dir)


def stored_digest(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as file:
            return str(json.loads(file.comment)["digest"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


@dataclass(frozen=True, slots=True)
class Trained:
    """All that is learnt from the examples."""

    classifier: Classifier
    lexicon: Lexicon
    chat: ChatWords


def save(path: Path, trained: Trained, made_from: str) -> None:
    """Weights as bytes; written beside and moved into place, so that no reader sees half a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    learnt = trained.classifier
    arrays: dict[str, NDArray[Any]] = {"idf": learnt.vocabulary.idf.astype(np.float16)}
    arrays["chat"] = trained.chat.weights.astype(np.float16)
    arrays |= _packed(learnt.network)
    words = {
        "intents": list(learnt.intents),
        "names": list(learnt.vocabulary.names),
        "judgement": astuple(learnt.judgement),
        "lexicon": trained.lexicon.entries(),
        "common": trained.lexicon.common_words,
        "frequent": trained.lexicon.frequent_words,
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        arrays["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)
        np.savez_compressed(file, allow_pickle=False, **arrays)
    with zipfile.ZipFile(draft, "a") as archive:
        archive.comment = json.dumps({"digest": made_from}).encode()
    draft.replace(path)


def _packed(network: Network) -> dict[str, NDArray[Any]]:
    """Each feature's weights as signed bytes with a scale of their own; what is small as float16."""
    scale = np.maximum(np.abs(network.wide).max(1), 1e-6).astype(np.float16)
    steps = np.rint(network.wide / scale.astype(np.float32)[:, None] * 127)
    return {
        "wide": np.clip(steps, -127, 127).astype(np.int8),
        "scale": scale,
        "bias": network.bias.astype(np.float16),
        "deep": network.deep.astype(np.float16),
    }


def _unpacked(file: Mapping[str, NDArray[Any]]) -> Network:
    scale = (file["scale"].astype(np.float32) / 127).astype(np.float32)
    wide = (file["wide"] * scale[:, None]).astype(np.float32)
    return Network(wide, file["bias"].astype(np.float32), file["deep"].astype(np.float32))


def load(path: Path) -> Trained:
    with np.load(path) as file:
        words = json.loads(file["words"].tobytes())
        network = _unpacked(file)
        vocabulary = Vocabulary.of(words["names"], file["idf"].astype(np.float32))
        chat = ChatWords(file["chat"].astype(np.float32))
    names = {key: Name(*about) for key, *about in words["lexicon"]}
    return Trained(
        Classifier(words["intents"], vocabulary, network, Judgement(*words["judgement"])),
        Lexicon(names, frozenset(words["common"]), frozenset(words["frequent"])),
        chat,
    )
