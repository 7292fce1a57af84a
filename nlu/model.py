"""The model as one file: what is in it, when it must be made again, and how it is written without a torn state."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from nlu import classifier
from nlu.classifier import Classifier, Judgement
from nlu.examples import read_examples
from nlu.features import Vocabulary
from nlu.lexicon import Lexicon, Name
from nlu.network import Network
from nlu.normalise import TERMS

SEED = 7
_CODE = ("normalise", "examples", "features", "network", "classifier", "entities", "lexicon", "model")


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
    wanted = digest(data_dir)
    if stored_digest(model_path) == wanted:
        return
    examples = read_examples([data_dir / "nlu"])
    progress(f"Training the language model on {len(examples)} examples (once, about a minute)…")
    trained = classifier.train([e.text for e in examples], [e.intent for e in examples], seed)
    save(model_path, trained, Lexicon.learn(data_dir / "gazetteer.yml", examples), wanted)


def stored_digest(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as file:
            return str(json.loads(file.comment)["digest"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def save(path: Path, trained: Classifier, lexicon: Lexicon, made_from: str) -> None:
    """Numbers as float16; written beside and moved into place, so that no reader sees half a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = {
        "idf": trained.vocabulary.idf,
        "centroids": trained.centroids,
        **{
            f"{name}_{i}": getattr(network, name)
            for i, network in enumerate(trained.networks)
            for name in ("w1", "b1", "w2", "b2")
        },
    }
    words = {
        "intents": list(trained.intents),
        "names": list(trained.vocabulary.names),
        "judgement": astuple(trained.judgement),
        "networks": len(trained.networks),
        "lexicon": lexicon.entries(),
        "common": lexicon.common_words,
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        arrays = {name: part.astype(np.float16) for name, part in parts.items()}
        np.savez_compressed(file, words=np.frombuffer(json.dumps(words).encode(), np.uint8), **arrays)
    with zipfile.ZipFile(draft, "a") as archive:
        archive.comment = json.dumps({"digest": made_from}).encode()
    draft.replace(path)


def load(path: Path) -> tuple[Classifier, Lexicon]:
    with np.load(path) as file:
        words = json.loads(file["words"].tobytes())
        parts = {name: file[name].astype(np.float32) for name in file.files if name != "words"}
    networks: Sequence[Network] = [
        Network(*(parts[f"{name}_{i}"] for name in ("w1", "b1", "w2", "b2")))
        for i in range(words["networks"])
    ]
    names = {key: Name(*about) for key, *about in words["lexicon"]}
    return (
        Classifier(
            words["intents"],
            Vocabulary.of(words["names"], parts["idf"]),
            networks,
            parts["centroids"],
            Judgement(*words["judgement"]),
        ),
        Lexicon(names, frozenset(words["common"])),
    )
