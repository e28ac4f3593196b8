"""Neovim, the oldest that is supported and the newest: the plugin of `editors/nvim`."""

import shutil

from harness import HERE, REPOSITORY, Bench, Unavailable

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
        trees = bench.trees(f"nvim-{release}")
        home = bench.directory(f"home/nvim-{release}")
        results = home / "results"
        plugin = home / "plugin"
        shutil.copytree(REPOSITORY / "editors/nvim", plugin)
        command = ["nvim", "--headless", "-n", "-i", "NONE", "-u", HERE / "nvim/check.lua"]
        environment = {"HOME": home, "PLUGIN": plugin, "TREES": trees, "RESULTS": results, "PROMOLINT": bench.program}
        log = debian.run(command, env={name: str(value) for name, value in environment.items()})
        bench.read_results(results.read_text() if results.exists() else "", log.stdout)
