"""What the commands say reaches whoever typed them: on a poor console, at a busy port."""

import ast
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from helpers import ROOT, few_tables
from tools import __main__ as commands
from tools import serving

POOR = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


def mains():
    """The files that are run with `python -m`."""
    for room in ("press", "tools", "explorables"):
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text("utf-8")
            if "__main__" not in path.name + text:
                continue  # reading all as Python takes longer than a second
            tree = ast.parse(text)
            guards = [
                node
                for node in tree.body
                if isinstance(node, ast.If) and "__main__" in ast.dump(node.test)
            ]
            if guards or path.name == "__main__.py":
                yield pytest.param(
                    guards[0].body if guards else tree.body,
                    id=path.relative_to(ROOT).as_posix(),
                )


#: One prints JSON alone, in ASCII; the other nothing.
SILENT = ("tools/mutate/worker.py", "press/sphinx/nursery.py")


@pytest.mark.parametrize("body", [m for m in mains() if m.id not in SILENT])
def test_each_main_can_print_whatever_it_finds(body):
    """F32: a console that lacks a letter is given its number, before anything is printed."""
    first = next(
        each
        for each in body
        if not isinstance(each, ast.ImportFrom | ast.Import)
        and "Constant" not in type(getattr(each, "value", None)).__name__
    )
    assert ast.unparse(first) in (
        "console.speak()",
        "sys.stdout.reconfigure(errors='backslashreplace')",
        "bundle.main(write)",  # which begins so
    )


def run(*words, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd,
        env=os.environ | POOR | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )


@pytest.mark.weekly
@pytest.mark.slow
def test_a_fault_with_greek_letters_is_told_on_a_console_without_them(tmp_path):
    """F32: press.check names the fault on a console of Windows-1252."""
    few_tables(tmp_path, {"drugs": ""})
    folder = tmp_path / "data"
    path = folder / "drugs.csv"
    head, second, *rest = path.read_text("utf-8").splitlines()
    second = "BAD ID ≥α," + second.partition(",")[2]
    path.write_text("\n".join([head, second, *rest]) + "\n", "utf-8")
    done = run("press.check", folder)
    assert b"UnicodeEncodeError" not in done.stderr
    assert done.returncode == 1
    assert rb"data/drugs.csv:2 BAD ID \u2265\u03b1" in done.stdout


def test_a_busy_port_gives_way_to_the_next():
    """F29: the next free port is taken."""
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with serving.server(port, serving.Quiet) as made:
            assert port < made.server_port < port + 20


def test_no_free_port_is_a_sentence():
    """F29: where none is free, one sentence says so."""
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(SystemExit, match=f"No port from {port} to {port} is free"):
            serving.server(port, serving.Quiet, tries=1)


@pytest.mark.parametrize("word", ["http", "-1", "80 00", "70000"])
def test_a_port_that_is_none_is_a_sentence(word, monkeypatch, tmp_path):
    """F29, the kind: what was typed wrongly is told, without a traceback."""
    (tmp_path / "index.html").touch()
    monkeypatch.setattr(commands, "HTML", tmp_path)
    with pytest.raises(SystemExit, match="A port is a number"):
        commands.serve(word)


def test_serve_says_where_the_book_is(monkeypatch, tmp_path, capsys):
    """F29: `serve` at a busy port opens the book at another, and says so."""
    (tmp_path / "index.html").write_text("the book")
    monkeypatch.setattr(commands, "HTML", tmp_path)
    seen = []
    monkeypatch.setattr(commands.webbrowser, "open", seen.append)

    def once(server):
        server.timeout = 5
        server.handle_request()

    def look(server):
        import threading

        asked = threading.Thread(
            target=lambda: seen.append(urllib.request.urlopen(seen[0]).read())
        )
        asked.start()
        once(server)
        asked.join()

    monkeypatch.setattr(serving.Server, "serve_forever", look)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        commands.serve(str(port))
    said = capsys.readouterr().out
    assert f"Port {port} is taken." in said
    assert seen[0] in said and seen[1] == b"the book"
    assert Path(tmp_path, "index.html").exists()
