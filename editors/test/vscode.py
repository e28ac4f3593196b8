"""VS Code: the packed extension, in the extension host of code-server."""

import json
import pathlib
import shutil
import socket
import time
import zipfile

from harness import HERE, REPOSITORY, Bench, Process, Unavailable, last_line

# VS Code 1.100, the newest that runs on Node 20.
CODE_SERVER = "4.100.3"
PLAYWRIGHT = "1.65.1"
# A window without what has nothing to do with the extension.
QUIET = {
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": True,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "update.mode": "none",
    "window.commandCenter": False,
    "editor.minimap.enabled": False,
    "workbench.colorTheme": "Default Light Modern",
}
EXTENSION = REPOSITORY / "editors/vscode"


def run(bench: Bench) -> None:
    node = require_node(bench)
    chromium = bench.need("chromium")
    package = pack(bench)
    installation = install_code_server(bench)
    version = json.loads((installation / "lib/vscode/package.json").read_text())["version"]
    bench.begin(f"vscode {version}")
    test_in_extension_host(bench, node, chromium, installation, package)
    test_installed(bench, node, chromium, installation, package)


def require_node(bench: Bench) -> str:
    node = bench.need("node", "nodejs")
    bench.need("npm")
    version = bench.run([node, "--version"]).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < 20:
        raise Unavailable(f"Node 20 or newer is needed, this is {version}")
    return node


def npm(bench: Bench, directory: pathlib.Path, *arguments: str) -> None:
    result = bench.run(["npm", *arguments], cwd=directory, timeout=600)
    if result.returncode != 0:
        raise Unavailable(f"npm {' '.join(arguments)}: {last_line(result.stdout)}")


def pack(bench: Bench) -> pathlib.Path:
    """The extension as it is shipped, with the program inside."""
    npm(bench, EXTENSION, "ci", "--ignore-scripts")
    package = bench.work / "promolint.vsix"
    package.unlink(missing_ok=True)
    command = ["npm", "run", "package", "--", "--target", "linux-x64", "--binary", bench.program, "--out", package]
    result = bench.run(command, cwd=EXTENSION, timeout=300)
    bench.check("the extension compiles and is packed", result.returncode == 0 and package.exists(), result.stdout[-500:])
    if not package.exists():
        raise Unavailable("without a package, nothing can be tested")
    return package


def install_code_server(bench: Bench) -> pathlib.Path:
    """code-server without the native modules that need a compiler."""
    directory = bench.work / "code-server"
    installation = directory / "node_modules/code-server"
    server = installation / "lib/vscode"
    if not (directory / "complete").exists():
        directory.mkdir(exist_ok=True)
        (directory / "package.json").write_text("{}")
        npm(bench, directory, "install", "--ignore-scripts", f"code-server@{CODE_SERVER}", f"playwright-core@{PLAYWRIGHT}")
        for modules in (server, server / "extensions"):
            npm(bench, modules, "install", "--omit=dev", "--ignore-scripts")
        (server / "node_modules.asar").unlink(missing_ok=True)
        (server / "node_modules.asar").symlink_to("node_modules")
        # Searching for files needs ripgrep, which an installation script would have fetched.
        search = server / "node_modules/@vscode/ripgrep/bin/rg"
        search.parent.mkdir(exist_ok=True)
        search.symlink_to(bench.need("rg", "ripgrep"))
        (directory / "complete").touch()
    return installation


def test_in_extension_host(bench: Bench, node: str, chromium: str, installation: pathlib.Path, package: pathlib.Path) -> None:
    home = bench.directory("home/vscode")
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            archive.extract(entry, home)
            # Python leaves out the permissions.
            (home / entry.filename).chmod((entry.external_attr >> 16 & 0o777) or 0o644)
    tests = home / "tests/index.js"
    tests.parent.mkdir()
    shutil.copy(EXTENSION / "dist/test.js", tests)
    trees = bench.trees("vscode")
    workspace = trees / "both.code-workspace"
    # Not used, since the workspace is not trusted.
    settings = {"promolint.server.path": "/no/such/program/of/the/workspace"}
    workspace.write_text(json.dumps({"folders": [{"path": "sample"}, {"path": "good"}], "settings": settings}))
    results = home / "results"
    host = f"127.0.0.1:{free_port()}"
    arguments = ["--host", "127.0.0.1", "--port", host.split(":")[1], "--without-connection-token", "--accept-server-license-terms"]
    arguments += ["--enable-smoke-test-driver", "--disable-telemetry", "--server-data-dir", home / "data"]
    environment = {"RESULTS": str(results), "TREES": str(trees), "HOME": str(home)}
    with Process([node, installation / "lib/vscode/out/server-main.js", *arguments], env=environment) as server:
        if not listens(host):
            raise Unavailable(f"VS Code's server does not start: {last_line(server.output)}")
        profile = bench.directory("home/vscode-browser")
        browser = {"NODE_MODULES": str(installation.parent), "CHROMIUM": chromium, "PROFILE": str(profile)}
        driver = bench.run([node, HERE / "vscode/drive.mjs", host, workspace, home / "extension", tests], env=browser, timeout=240)
        bench.read_results(results.read_text() if results.exists() else "", driver.stdout + server.output)


def test_installed(bench: Bench, node: str, chromium: str, installation: pathlib.Path, package: pathlib.Path) -> None:
    """Installs the package as a user does, and looks at the window; leaves `vscode.png` in the scratch folder."""
    home = bench.directory("home/vscode-window")
    tree = bench.trees("vscode-window") / "sample"
    settings = home / "data/data/Machine/settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(QUIET))
    environment = {"HOME": str(home)}
    command = [node, installation / "lib/vscode/out/server-main.js", "--accept-server-license-terms", "--disable-telemetry"]
    command += ["--server-data-dir", home / "data", "--extensions-dir", home / "extensions"]
    result = bench.run([*command, "--install-extension", package], env=environment)
    installed = list((home / "extensions").glob("promolint.promolint-*/server/promolint"))
    bench.check("the package is installed", result.returncode == 0 and installed, last_line(result.stdout))
    host = f"127.0.0.1:{free_port()}"
    serve = ["--host", "127.0.0.1", "--port", host.split(":")[1], "--without-connection-token", "--disable-workspace-trust"]
    with Process([*command, *serve], env=environment) as server:
        if not listens(host):
            raise Unavailable(f"VS Code's server does not start: {last_line(server.output)}")
        profile = bench.directory("home/vscode-window-browser")
        browser = {"NODE_MODULES": str(installation.parent), "CHROMIUM": chromium, "PROFILE": str(profile)}
        command = [node, HERE / "vscode/screenshot.mjs", f"http://{host}/?folder={tree}", bench.work / "vscode.png"]
        driver = bench.run(command, env=browser, timeout=240)
        bench.read_results(driver.stdout, driver.stdout + server.output)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(host: str) -> bool:
    address, port = host.split(":")
    for _ in range(300):
        try:
            socket.create_connection((address, int(port)), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False
