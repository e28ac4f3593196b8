"""The bench that editors are tested on: scratch folder, installation, processes, the report."""

import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent


class Unavailable(Exception):
    """Something that a test needs cannot be installed on this machine."""


class Bench:
    """One run: a scratch folder with the program under test, and what the checks said."""

    def __init__(self, work: pathlib.Path, program: pathlib.Path):
        self.work = work
        work.mkdir(parents=True, exist_ok=True)
        self.program = work / "bin/promolint"
        self.program.parent.mkdir(exist_ok=True)
        # A copy, because a build may replace the original at any time.
        self.program.unlink(missing_ok=True)
        shutil.copy2(program, self.program)
        self.subject = ""
        self.counts = {"ok": 0, "FAIL": 0, "skip": 0}

    # The report.

    def begin(self, subject: str) -> None:
        """The checks that follow are about this editor."""
        self.subject = subject

    def record(self, verdict: str, check: str, reason: str = "") -> None:
        self.counts[verdict] += 1
        print(f"{verdict:4} {self.subject}: {check}" + (f" – {reason}" if reason else ""), flush=True)

    def check(self, check: str, holds: object, reason: str = "") -> None:
        self.record("ok", check) if holds else self.record("FAIL", check, reason)

    def skip(self, check: str, reason: str) -> None:
        self.record("skip", check, reason)

    def read_results(self, output: str, log: str = "") -> None:
        """Takes over the verdicts of a script in an editor: lines `ok NAME` and `fail NAME: REASON`, at last `done`."""
        lines = output.splitlines()
        for line in lines:
            if line.startswith("ok "):
                self.record("ok", line[3:])
            elif line.startswith("fail "):
                name, _, reason = line[5:].partition(": ")
                self.record("FAIL", name, reason)
        if "done" not in lines:
            tail = " | ".join(log.strip().splitlines()[-12:])
            self.record("FAIL", "runs to its end", tail or "it said nothing")

    def check_left(self) -> None:
        """Fails if an editor has left a server behind, and ends it."""
        servers = []
        for _ in range(50):
            servers = self.servers()
            if not servers:
                return
            time.sleep(0.1)
        self.record("FAIL", "no server is left behind", f"{len(servers)} still run")
        for pid in servers:
            os.kill(pid, signal.SIGKILL)

    def servers(self) -> list[int]:
        """The processes that run the program under test; inside a chroot, its path has another beginning."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                program = (process / "exe").readlink()
            except OSError:
                continue
            if str(program).endswith(str(self.program)):
                found.append(int(process.name))
        return found

    def finish(self) -> int:
        passed, failed, skipped = (self.counts[verdict] for verdict in ("ok", "FAIL", "skip"))
        print(f"{passed} passed, {failed} failed, {skipped} skipped")
        return 1 if failed else 0

    # Files.

    def directory(self, name: str) -> pathlib.Path:
        """An empty directory of this name in the scratch folder."""
        directory = self.work / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        return directory

    def trees(self, name: str) -> pathlib.Path:
        """A directory with fresh copies of the trees `good` and `sample`, and an ordinary YAML file in each."""
        directory = self.directory(f"trees/{name}")
        for tree in ("good", "sample"):
            shutil.copytree(REPOSITORY / "testdata" / tree, directory / tree)
            (directory / tree / "deploy").mkdir()
            # A key given twice and trailing blanks are none of promolint's business here.
            (directory / tree / "deploy/values.yaml").write_text("image: web:latest  \nreplicas: 1\nreplicas: 2\n")
        return directory

    @staticmethod
    def configuration(editor: str) -> str:
        """The configuration that the editor's page in `docs/editors` recommends: its first block of code."""
        page = (REPOSITORY / f"docs/editors/{editor}.md").read_text()
        return page.split("```", 2)[1].split("\n", 1)[1]

    # Processes.

    def run(
        self, command: Sequence[object], *, timeout: float = 120, env: Mapping[str, str] = {}, **options
    ) -> subprocess.CompletedProcess:
        """Runs a command and all it starts, at most `timeout` seconds; output and errors are one text."""
        with Process(command, env=env, **options) as process:
            process.wait(timeout)
            return subprocess.CompletedProcess(process.command, process.popen.poll(), process.output)

    # Installation.

    def apt(self, *packages: str) -> None:
        """Installs Debian packages on this machine."""
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Unavailable(f"{' '.join(packages)} must be installed by apt-get as root")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
            result = self.run(["apt-get", *command], timeout=900, env=quiet)
            if result.returncode != 0:
                raise Unavailable(f"apt-get {command[0]} {' '.join(packages)}: {last_line(result.stdout)}")

    def need(self, program: str, package: str | None = None) -> str:
        """The path of a program, installed if it is missing."""
        if not shutil.which(program):
            self.apt(package or program)
        found = shutil.which(program)
        if not found:
            raise Unavailable(f"{program} is not on the PATH after the installation of {package or program}")
        return found

    def debian(self, release: str, *packages: str) -> "Debian":
        """A Debian of this release in the scratch folder, with these packages."""
        return Debian(self, release, packages)


class Debian:
    """A Debian in a directory, entered by chroot; it sees the scratch folder and the repository where they are."""

    def __init__(self, bench: Bench, release: str, packages: Iterable[str]):
        self.bench = bench
        self.root = bench.work / f"debian-{release}"
        if os.geteuid() != 0:
            raise Unavailable(f"a Debian {release} can only be installed by root")
        if not (self.root / "etc/complete").exists():
            shutil.rmtree(self.root, ignore_errors=True)
            debootstrap = bench.need("debootstrap")
            result = bench.run([debootstrap, "--variant=minbase", "--include=ca-certificates", release, self.root], timeout=900)
            if result.returncode != 0:
                raise Unavailable(f"debootstrap {release}: {last_line(result.stdout)}")
            (self.root / "etc/complete").touch()
        self.install(packages)

    def install(self, packages: Iterable[str]) -> None:
        missing = [name for name in packages if not (self.root / f"var/lib/dpkg/info/{name}.list").exists()]
        if missing:
            install = ["apt-get", "install", "-qy", "--no-install-recommends", *missing]
            result = self.run(install, timeout=900, env={"DEBIAN_FRONTEND": "noninteractive"})
            if result.returncode != 0:
                raise Unavailable(f"{' '.join(missing)} in Debian {release}: {last_line(result.stdout)}")

    def command(self, command: Sequence[object]) -> list[object]:
        """The command line that runs a command inside; its mounts vanish with it."""
        mounts = [self.bench.work, REPOSITORY]
        for mount in mounts:
            (self.root / mount.relative_to("/")).mkdir(parents=True, exist_ok=True)
        script = 'root=$0; mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev"'
        script += "".join(f' && mount --rbind "${{{n}}}" "$root${{{n}}}"' for n in range(1, len(mounts) + 1))
        script += f' && shift {len(mounts)} && exec chroot "$root" "$@"'
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, self.root, *mounts, *command]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that differ inside; the program under test is on the PATH."""
        return {"HOME": "/root", "PATH": f"{self.bench.program.parent}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}

    def run(self, command: Sequence[object], *, env: Mapping[str, str] = {}, **options) -> subprocess.CompletedProcess:
        result = self.bench.run(self.command(command), env={**self.environment, **env}, **options)
        if result.returncode == 1 and "unshare: " in result.stdout:
            raise Unavailable(f"this machine forbids mounts: {last_line(result.stdout)}")
        return result


class Process:
    """A process with all it started, ended at the latest when the block is left."""

    def __init__(self, command: Sequence[object], *, env: Mapping[str, str] = {}, **options):
        self.command = [str(word) for word in command]
        self.lines: list[str] = []
        self.popen = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **env},
            start_new_session=True,
            **options,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.popen.stdout
        for line in self.popen.stdout:
            self.lines.append(line)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def wait(self, timeout: float) -> None:
        """Waits for the end, or ends it."""
        try:
            self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.lines.append(f"no end within {timeout:.0f} s\n")
        self.end()

    def end(self) -> None:
        """Ends it and its descendants, and takes the rest of the output."""
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            left = [self.popen.pid, *descendants(self.popen.pid)] if self.popen.poll() is None else []
            for pid in left:
                try:
                    os.kill(pid, signal_)
                except ProcessLookupError:
                    pass
            try:
                self.popen.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
        self.reader.join(5)

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def descendants(pid: int) -> list[int]:
    """The processes below one, the deepest first."""
    children: dict[int, list[int]] = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold blanks.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    below = [deeper for child in children.get(pid, []) for deeper in (*descendants(child), child)]
    return below


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no output"])[-1]
