"""Where language models are made and judged: in processes of their own, whose memory ends with them."""

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import OscbotError, StartError
from bot.figures import Figures
from nlu.examples import Example
from nlu.learned import write
from nlu.lesson import judged_by, made_by, made_from
from nlu.model import SEED, digest, is_current

CODE = Path(__file__).parent.parent
NLU = ("env", "OPENBLAS_NUM_THREADS=1", sys.executable, "-m", "nlu")
"""The matrices are small: threads of BLAS would only get in one another's way, thirtyfold on a busy machine."""
DRAFTS = "draft-"


class CannotLearn(OscbotError):
    """No new model can be made or judged; str() says why in one line. What is in use stays."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A message whose meaning was agreed upon."""

    text: str
    intent: str
    language: str


class Workshop:
    """`root` holds data and tests, as the repository does; `folder` is the data directory.

    `gently`: beside a bot that answers, training takes only the time that nobody else wants.
    """

    def __init__(self, root: Path, folder: Path, *, gently: bool = True) -> None:
        self.pace = ("--gently",) if gently else ()
        self.data = (root / "data").absolute()
        self.judged = (root / "tests" / "nlu").absolute()
        self.folder = folder.absolute()
        self.code = made_by()
        """Of the code that this process runs, whatever lies on the disk later."""
        self.begun_with = self.base()
        """Of our own examples, as this process found them."""

    @property
    def first(self) -> Path:
        """The model of our own examples alone."""
        return self.folder / "model.npz"

    def base(self) -> str:
        """Digest of our own examples, as they are on the disk now."""
        return digest(self.data)

    async def ensure_first(self) -> None:
        """Train on our own examples unless that is done, saying so on standard error. Raises StartError."""
        if await asyncio.to_thread(is_current, self.data, self.first):
            return
        places = ("--data", self.data, "--model", self.first)
        training = await asyncio.create_subprocess_exec(*NLU, "train", *places, cwd=CODE)
        try:
            if await training.wait():
                raise StartError("the language model cannot be trained; the line above says why")
        finally:
            await _end(training)

    @contextmanager
    def draft(self, learned: Sequence[Learned]) -> Iterator["Draft"]:
        """A place for one attempt, gone at the end; what a crash left is removed too. Raises CannotLearn."""
        self.check_code()
        try:
            for left in self.folder.glob(f"{DRAFTS}*"):
                shutil.rmtree(left, ignore_errors=True)
            place = Path(tempfile.mkdtemp(prefix=DRAFTS, dir=self.folder))
        except OSError as error:
            raise CannotLearn(_told(error)) from error
        try:
            yield Draft(self, place, learned)
        except OSError as error:
            raise CannotLearn(_told(error)) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def check_code(self) -> None:
        """What is made and judged must be what this process can read. Raises CannotLearn."""
        if made_by() != self.code:
            raise CannotLearn("the program on the disk is newer than the one that runs: start the bot again")

    async def run(self, *arguments: str | Path) -> Any:
        """What `python -m nlu` answers as JSON. Raises CannotLearn with its own last line."""
        process = await asyncio.create_subprocess_exec(
            *(*NLU, *arguments),
            cwd=CODE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            said, complaint = await process.communicate()
        finally:
            await _end(process)
        if process.returncode:
            lines = complaint.decode(errors="replace").strip().splitlines()
            ended = f"ended by signal {-process.returncode}" if process.returncode < 0 else "no reason given"
            reason = lines[-1] if lines and process.returncode > 0 else f"nlu {arguments[0]}: {ended}"
            raise CannotLearn(reason.removeprefix("nlu: "))
        return json.loads(said)


class Draft:
    """One attempt at a new model."""

    def __init__(self, workshop: Workshop, place: Path, learned: Sequence[Learned]) -> None:
        self._workshop = workshop
        self._place = place
        self._learned = place / "learned"
        self._learned.mkdir()
        if learned:
            write_learned(self._learned / "reviewed.yml", learned)
        self.base = workshop.base()
        self.made_from = made_from(workshop.data, self._learned)

    def judged_by(self) -> str:
        """Digest of the test set. Raises CannotLearn when there is none."""
        found = judged_by(self._workshop.judged)
        if found is None:
            raise CannotLearn(f"{self._workshop.judged}: no test set, so that a new model cannot be judged")
        return found

    def put(self, name: str, content: bytes) -> Path:
        path = self._place / name
        path.write_bytes(content)
        return path

    async def train(self, seed: int) -> tuple[Path, int]:
        """The new model, and from how many examples."""
        out = self._place / f"seed-{seed}.npz"
        if seed == SEED and self._workshop.first.exists():
            shutil.copyfile(self._workshop.first, out)  # not trained again if it was made from the same
        places = ("--data", self._workshop.data, "--learned", self._learned, "--model", out)
        told = await self._workshop.run("train", *places, "--seed", str(seed), "--json", *self._workshop.pace)
        return out, int(told["examples"])

    async def judge(self, *models: Path) -> list[Figures]:
        """What each gets right of the test set."""
        places = ("--data", self._workshop.data, "--judged", self._workshop.judged)
        found: list[Figures] = await self._workshop.run("compare", *models, *places)
        self._workshop.check_code()
        return found


def write_learned(path: Path, learned: Sequence[Learned]) -> None:
    """As examples in Rasa's format."""
    write(path, [Example(item.text, item.intent, item.language, ()) for item in learned])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _told(error: OSError) -> str:
    return f"{error.filename or 'the data directory'}: {error.strerror}"
