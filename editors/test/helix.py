"""Helix, configured as its page says, driven by keys in a terminal."""

from harness import Bench, Debian, Unavailable
from terminal import Terminal

RELEASES = ["trixie", "sid"]
IMAGES = "registry.k8s.io/images/k8s-staging-widget/images.yaml"
OWNERS = "registry.k8s.io/images/k8s-staging-widget/OWNERS"


def run(bench: Bench) -> None:
    for release in RELEASES:
        bench.begin(f"helix in {release}")
        try:
            debian = bench.debian(release, "hx")
        except Unavailable as reason:
            bench.skip("everything", str(reason))
            continue
        version = debian.run(["hx", "--version"]).stdout.split()[1]
        bench.begin(f"helix {version}")
        check(bench, debian, release)


def check(bench: Bench, debian: Debian, release: str) -> None:
    tree = bench.trees(f"helix-{release}") / "sample"
    home = bench.directory(f"home/helix-{release}")
    (home / ".config/helix").mkdir(parents=True)
    (home / ".config/helix/languages.toml").write_text(bench.configuration("helix"))
    environment = {**debian.environment, "HOME": str(home)}
    inside = ["sh", "-c", f"cd {tree} && exec hx {IMAGES}"]
    with Terminal(bench, debian.command(inside), environment, tree) as helix:

        def want(name: str, *texts: str) -> None:
            bench.check(name, helix.shows(*texts), f"on the screen: {helix.text()}")

        # The first finding at the cursor is to be seen as soon as the server runs.
        helix.shows("images.yaml")
        helix.keys("6", "g", "g", "g", "s")
        want("a manifest has its findings", "63 of 64 hex digits")
        helix.keys("Space", "d")
        want("all findings are listed", "digest-syntax", "digest-not-visible", "tag-syntax")
        helix.keys("Escape", "5", "g", "g", "f", "8", "Space", "k")
        want("a digest has a hover", "22 destinations")
        helix.keys("Escape", "1", "0", "g", "g", "Space", "a")
        helix.shows("quot")
        helix.keys("Enter", ":", "w", "Enter")
        fixed = '    "sha256:e31954ea95dd11eb81d1fd538c88190d3c0fe475410f9a3bb02a46d7306fc30b": ["v1.0.1"]'
        done = helix.until(lambda: fixed in (tree / IMAGES).read_text().splitlines())
        bench.check("a quick fix is applied", done, (tree / IMAGES).read_text().splitlines()[9])
        helix.keys(":", f"open {OWNERS}", "Enter", "6", "g", "g")
        want("an OWNERS file has its finding", "reviwers", "no key of an OWNERS file")
        helix.keys(":", "open deploy/values.yaml", "Enter")
        helix.shows("image: web:latest")
        helix.keys("Space", "d")
        helix.until(lambda: False, 1)
        bench.check("ordinary YAML gets nothing", "duplicate" not in helix.screen(), helix.screen())
