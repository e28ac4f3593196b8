"""A program in a terminal of its own, driven by keys and read as a screen, by tmux."""

import os
import pathlib
import shlex
import time
from collections.abc import Callable, Mapping, Sequence

from harness import Bench


class Terminal:
    """A program in a window of 160 by 45 characters, ended when the block is left."""

    def __init__(self, bench: Bench, command: Sequence[object], env: Mapping[str, str], directory: pathlib.Path):
        self.bench = bench
        # A server of its own, so that no user's configuration and sessions matter.
        self.tmux = [bench.need("tmux"), "-L", f"promolint-{os.getpid()}", "-f", "/dev/null"]
        variables = [f"{name}={value}" for name, value in {"TERM": "xterm-256color", "COLORTERM": "truecolor", **env}.items()]
        line = shlex.join(["env", *variables, *map(str, command)])
        self._tmux("new-session", "-d", "-x", "160", "-y", "45", "-c", str(directory), line)
        # The screen stays to be read when the program ends.
        self._tmux("set-option", "-g", "remain-on-exit", "on")

    def _tmux(self, *arguments: str) -> str:
        return self.bench.run([*self.tmux, *arguments], timeout=20).stdout

    def screen(self) -> str:
        """What is to be seen."""
        return self._tmux("capture-pane", "-p")

    def text(self) -> str:
        """What is to be seen, in one line."""
        return " | ".join(line.strip() for line in self.screen().splitlines() if line.strip())

    def keys(self, *keys: str) -> None:
        """Presses keys, by their names in tmux; more than a character without a name is typed."""
        for key in keys:
            self._tmux("send-keys", key)
            time.sleep(0.15)

    def shows(self, *texts: str, seconds: float = 15) -> bool:
        """Whether all these are to be seen, at the latest after this time."""
        return self.until(lambda: contains(self.screen(), texts), seconds)

    def until(self, holds: Callable[[], bool], seconds: float = 15) -> bool:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")


def contains(screen: str, texts: Sequence[str]) -> bool:
    return all(text in screen for text in texts)
