"""The copies of the language model's versions in this machine's data directory, checked before they are used."""

import hashlib
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from bot.store.models import Version

logger = logging.getLogger(__name__)


class ModelShelf:
    """PostgreSQL has the originals: a copy that is damaged or lost costs one transfer."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "models"

    def place(self, version: Version) -> Path:
        return self._folder / f"{version.number:04d}-{version.sha256[:12]}.npz"

    def get(self, version: Version) -> Path | None:
        """The copy, if it is there as the version was made."""
        place = self.place(version)
        try:
            content = place.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() == version.sha256:
            return place
        logger.warning("%s is damaged; the original is fetched", place)
        return None

    def put(self, version: Version, content: bytes) -> Path:
        """Moved into place when whole, so that no crash leaves half of it. Raises OSError, naming the file."""
        place = self.place(version)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise OSError(error.errno, error.strerror, str(place)) from error
        return place

    def keep_only(self, versions: Iterable[Version]) -> None:
        """Remove the copies of all other versions, and what a crash left of writing one."""
        wanted = {self.place(version) for version in versions}
        for path in self._folder.glob("*.npz*"):
            if path not in wanted:
                path.unlink(missing_ok=True)
