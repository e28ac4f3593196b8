"""Emacs with eglot, configured as its page says."""

from harness import HERE, Bench, Unavailable

RELEASES = ["trixie", "sid"]


def run(bench: Bench) -> None:
    for release in RELEASES:
        bench.begin(f"emacs in {release}")
        try:
            debian = bench.debian(release, "emacs-nox", "elpa-yaml-mode")
        except Unavailable as reason:
            bench.skip("everything", str(reason))
            continue
        version = debian.run(["emacs", "--version"]).stdout.split()[2]
        bench.begin(f"emacs {version}")
        trees = bench.trees(f"emacs-{release}")
        home = bench.directory(f"home/emacs-{release}")
        results = home / "results"
        (home / "init.el").write_text(bench.configuration("emacs"))
        command = ["emacs", "--batch", "--eval", "(package-initialize)"]
        command += ["-l", "yaml-mode", "-l", home / "init.el", "-l", HERE / "emacs/check.el"]
        environment = {"HOME": str(home), "TREES": str(trees), "RESULTS": str(results)}
        log = debian.run(command, env=environment)
        bench.read_results(results.read_text() if results.exists() else "", log.stdout)
