"""The files of a key directory: made, counted on, put aside, destroyed. No key is ever overwritten by another.

Names: `<kind>-<number>-<id>`. Secret: `data`, `index`, `mac` (.key, hex), `sign`, `agree` (.pem). Public: `verify`
(of `sign`), `envelope` (of `agree`). A key that nothing is sealed with any more lies in `retired/` and opens nothing.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from zikao.foundation.crypto.counting import COUNTS
from zikao.foundation.crypto.envelope import envelope_key_id, new_envelope_key
from zikao.foundation.crypto.faults import KeysMissing
from zikao.foundation.crypto.hashing import sm3
from zikao.foundation.crypto.sealing import KEY_ID_BYTES, Sealer
from zikao.foundation.crypto.sm2 import new_private_key

DATA_KEY_BYTES = 16
INDEX_KEY_BYTES = 32
RETIRED = "retired"
SECRET_KINDS = ("data", "index", "mac", "sign", "agree")


@dataclass(frozen=True)
class KeyFile:
    """One secret key: its kind, running number, id, and whether it is put aside."""

    kind: str
    number: int
    key_id: str
    is_retired: bool


def create_keys(directory: Path) -> None:
    """Make a node's first keys. Raises FileExistsError where there are keys already: none is ever overwritten."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    if any(directory.iterdir()):
        raise FileExistsError(directory)
    complete_keys(directory)


def complete_keys(directory: Path) -> None:
    """Add the first key of every kind that is not there; a node made before a kind existed gets it so."""
    (directory / COUNTS).mkdir(mode=0o700, exist_ok=True)
    for kind, add in _ADD.items():
        if not any(directory.glob(f"{kind}-*")):
            add(directory)


def add_data_key(directory: Path) -> str:
    """Rotate: a new data key that seals from now on; the older ones still unseal. Returns its id."""
    return _add_secret(directory, "data", DATA_KEY_BYTES)


def add_index_key(directory: Path) -> str:
    """Rotate: a new index key that new rows get; look-ups ask with all. Returns its id."""
    return _add_secret(directory, "index", INDEX_KEY_BYTES)


def add_mac_key(directory: Path) -> str:
    """A new key for the marks of this node on papers; the older ones still verify. Returns its id."""
    return _add_secret(directory, "mac", INDEX_KEY_BYTES)


def add_signing_key(directory: Path) -> str:
    """Rotate: a new SM2 key that signs from now on; older public keys still verify. Returns its id."""
    private, public = new_private_key()
    return _add_pair(directory, ("sign", private), ("verify", public), sm3(public)[:KEY_ID_BYTES].hex())


def add_envelope_key(directory: Path) -> str:
    """Rotate: a new pair that others seal to from the moment they know it; the older ones still open."""
    private, public = new_envelope_key()
    return _add_pair(directory, ("agree", private), ("envelope", public), envelope_key_id(public))


_ADD = {
    "data": add_data_key,
    "sign": add_signing_key,
    "index": add_index_key,
    "mac": add_mac_key,
    "agree": add_envelope_key,
}


def add_key(directory: Path, kind: str) -> str:
    """Add a key of a kind; returns its id."""
    return _ADD[kind](directory)


def key_files(directory: Path) -> list[KeyFile]:
    """Every secret key here, oldest first within its kind, those put aside as well."""
    found = []
    for kind in SECRET_KINDS:
        for folder, is_retired in ((directory / RETIRED, True), (directory, False)):
            found += [_described(path, is_retired) for path in sorted(folder.glob(f"{kind}-*"))]
    return sorted(found, key=lambda each: (SECRET_KINDS.index(each.kind), each.number))


def put_aside(directory: Path, kind: str, key_id: str) -> None:
    """Move a secret key out of use, into `retired/`. The newest of a kind stays. Raises KeysMissing."""
    paths = sorted(directory.glob(f"{kind}-*"))
    path = next((each for each in paths[:-1] if id_of_name(each) == key_id), None)
    if path is None:
        raise KeysMissing("key-not-to-retire", facts={"kind": kind, "key": key_id})
    (directory / RETIRED).mkdir(mode=0o700, exist_ok=True)
    path.rename(directory / RETIRED / path.name)


def destroy(directory: Path, key_id: str) -> bool:
    """Overwrite and delete a secret key that was put aside; False where it is gone already."""
    for path in (directory / RETIRED).glob(f"*-{key_id}.*"):
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        return True
    return False


def id_of_name(path: Path) -> str:
    """The id in a key file's name."""
    return path.name.split("-")[2].split(".")[0]


def _described(path: Path, is_retired: bool) -> KeyFile:
    kind, number, _ = path.name.split("-")
    return KeyFile(kind, int(number), id_of_name(path), is_retired)


def _add_pair(directory: Path, private: tuple[str, bytes], public: tuple[str, bytes], identifier: str) -> str:
    name = f"{_next_number(directory, private[0]):04d}-{identifier}.pem"
    for kind, content in (public, private):  # the private half last: it is what the newest is known by
        _write_secret(directory / f"{kind}-{name}", content)
    return identifier


def _add_secret(directory: Path, kind: str, size: int) -> str:
    key = secrets.token_bytes(size)
    identifier = Sealer.key_id(key).hex()
    _write_secret(directory / f"{kind}-{_next_number(directory, kind):04d}-{identifier}.key", key.hex().encode())
    return identifier


def _next_number(directory: Path, kind: str) -> int:
    paths = [*directory.glob(f"{kind}-*"), *(directory / RETIRED).glob(f"{kind}-*")]
    return max((int(path.name.split("-")[1]) for path in paths), default=0) + 1


def _write_secret(path: Path, content: bytes) -> None:
    # under another name first: a process that reads the directory meanwhile never sees half a key
    draft = path.with_name(f".{path.name}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
