"""Neovim, the oldest that is supported and the newest: the plugin of `editors/nvim`."""

import pathlib
import re
import shutil

from harness import HERE, REPOSITORY, Bench, Debian, Unavailable

# Debian's stable release has 0.10 (vim.lsp.start), the unstable one the newest (vim.lsp.enable).
RELEASES = ["trixie", "sid"]


def run(bench: Bench) -> None:
    for release in RELEASES:
        bench.begin(f"nvim in {release}")
        try:
            debian = bench.debian(release, "neovim")
        except Unavailable as reason:
            bench.skip("everything", str(reason))
            continue
        version = debian.run(["nvim", "--version"]).stdout.split()[1]
        bench.begin(f"nvim {version.removeprefix('v')}")
        home = bench.directory(f"home/nvim-{release}")
        shutil.copytree(REPOSITORY / "editors/nvim", home / "plugin")
        # What the page recommends, beside the plugin and instead of it.
        blocks = re.findall(r"```lua\n(.*?)```", (REPOSITORY / "docs/editors/neovim.md").read_text(), re.DOTALL)
        for name, sign in {"shown.lua": "vim.diagnostic.config", "alone.lua": "vim.lsp.config("}.items():
            (home / name).write_text(next(block for block in blocks if sign in block))
        check(bench, debian, home, "check.lua")
        if release == "sid":
            check(bench, debian, home, "alone.lua")


def check(bench: Bench, debian: Debian, home: pathlib.Path, script: str) -> None:
    """Starts the editor with a script for its configuration."""
    trees = bench.trees(home.name)
    results = home / "results"
    results.unlink(missing_ok=True)
    command = ["nvim", "--headless", "-n", "-i", "NONE", "-u", HERE / "nvim" / script]
    environment = {"HOME": home, "TREES": trees, "RESULTS": results, "PROMOLINT": bench.program}
    log = debian.run(command, env={name: str(value) for name, value in environment.items()}, timeout=300)
    bench.read_results(results.read_text() if results.exists() else "", log.stdout)
