"""Vim with ALE, configured as its page says."""

from harness import HERE, Bench, Unavailable

RELEASES = ["trixie", "sid"]
# `vim` alone is Neovim where that is installed too.
VIM = "vim.basic"


def run(bench: Bench) -> None:
    for release in RELEASES:
        bench.begin(f"vim in {release}")
        try:
            debian = bench.debian(release, "vim", "vim-ale")
        except Unavailable as reason:
            bench.skip("everything", str(reason))
            continue
        version = debian.run([VIM, "--version"]).stdout.split()[4]
        bench.begin(f"vim {version}")
        trees = bench.trees(f"vim-{release}")
        home = bench.directory(f"home/vim-{release}")
        results = home / "results"
        beginning = "set nocompatible hidden runtimepath^=/usr/share/vim-ale\nfiletype plugin on\n"
        (home / "vimrc").write_text(beginning + bench.configuration("vim"))
        command = [VIM, "--not-a-term", "-T", "dumb", "-n", "-i", "NONE", "-u", home / "vimrc", "-S", HERE / "vim/check.vim"]
        environment = {"HOME": str(home), "TREES": str(trees), "RESULTS": str(results), "TERM": "dumb"}
        log = debian.run(command, env=environment)
        bench.read_results(results.read_text() if results.exists() else "", log.stdout)
