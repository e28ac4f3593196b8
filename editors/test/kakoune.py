"""Kakoune with kakoune-lsp, configured as its page says, driven by keys in a terminal."""

import shutil

from harness import Bench
from terminal import Terminal

RELEASE = "sid"
IMAGES = "registry.k8s.io/images/k8s-staging-widget/images.yaml"


def run(bench: Bench) -> None:
    client = shutil.which("kak-lsp")
    if not client:
        bench.skip("everything", "kak-lsp is not on the PATH (no package; cargo install kak-lsp --locked builds it in some minutes)")
        return
    debian = bench.debian(RELEASE, "kakoune")
    shutil.copy2(client, bench.program.parent / "kak-lsp")
    bench.begin("kakoune " + debian.run(["dpkg-query", "-W", "-f", "${Version}", "kakoune"]).stdout.split("-")[0])
    tree = bench.trees("kakoune") / "sample"
    home = bench.directory("home/kakoune")
    (home / ".config/kak").mkdir(parents=True)
    (home / ".config/kak/kakrc").write_text(bench.configuration("kakoune"))
    environment = {**debian.environment, "HOME": str(home)}
    with Terminal(bench, debian.command(["sh", "-c", f"cd {tree} && exec kak {IMAGES}"]), environment, tree) as kakoune:

        def want(name: str, *texts: str) -> None:
            bench.check(name, kakoune.shows(*texts), f"on the screen: {kakoune.text()}")

        kakoune.shows("images.yaml")
        kakoune.until(lambda: False, 2)
        kakoune.keys(":", "lsp-diagnostics", "Enter")
        want("a manifest has its findings", "[digest-syntax]", "[digest-not-visible]", "[tag-syntax]")
        kakoune.keys(":", f"edit {IMAGES}", "Enter", "1", "0", "g", "w", ":", "lsp-code-actions", "Enter")
        kakoune.until(lambda: False, 2)
        kakoune.keys("Tab", "Enter", ":", "write", "Enter")
        fixed = '    "sha256:e31954ea95dd11eb81d1fd538c88190d3c0fe475410f9a3bb02a46d7306fc30b": ["v1.0.1"]'
        done = kakoune.until(lambda: fixed in (tree / IMAGES).read_text().splitlines())
        bench.check("a quick fix is applied", done, kakoune.screen())
        kakoune.keys(":", "edit deploy/values.yaml", "Enter")
        kakoune.until(lambda: False, 2)
        kakoune.keys(":", "lsp-diagnostics", "Enter")
        kakoune.until(lambda: False, 2)
        bench.check("ordinary YAML gets nothing", "values.yaml:" not in kakoune.screen(), kakoune.screen())
