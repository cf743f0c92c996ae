"""Servers of one's own: in a temporary folder, on a free port, not as root, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Server:
    """A folder, a user and a process."""

    def __init__(self, user: str, prefix: str) -> None:
        self.user: dict[str, Any] = {}
        self.folder = tempfile.mkdtemp(prefix=prefix)
        if os.geteuid() == 0:
            # Servers refuse to run as root.
            entry = pwd.getpwnam(user)
            self.user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = int(s.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, command: list[str]) -> None:
        """Runs a command to its end."""
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd=self.folder, **self.user)

    def start(self, command: list[str]) -> None:
        """Starts the server."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=self.folder, **self.user)

    def connect(self, attempt: Callable[[], Any]) -> Any:
        """Connects as soon as the server answers."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return attempt()
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stops the server and removes the folder."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def binary(name: str, *folders: str) -> str | None:
    """Where a program is: on the path, or in a folder that a pattern names."""
    found = shutil.which(name)
    if found:
        return found
    for pattern in folders:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
            if (folder / name).exists():
                return str(folder / name)
    return None
