"""Threads, forks, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cvm
import pyarrow as pa
import pytest


def test_threads(engine: cvm.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: engine.count("city = 'Paris'"), range(64))) == [2] * 64


def test_other_threads_go_on() -> None:
    engine = cvm.Engine()
    engine.load_customers(pa.table({"id": range(300_000)}), "id")
    ticks, done = [0], threading.Event()

    def tick() -> None:
        while not done.wait(0.001):
            ticks[0] += 1

    ticker = threading.Thread(target=tick)
    ticker.start()
    started = time.monotonic()
    engine.reference_members("id > 10")
    took = time.monotonic() - started
    done.set()
    ticker.join()
    # A held lock would leave a tick or two, however long it takes.
    assert ticks[0] > min(5, took * 100)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork(engine: cvm.Engine) -> None:
    assert engine.count("everyone") == 3
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            engine.count("everyone")
            said = "no error"
        except cvm.EngineError as error:
            said = str(error)
        # What is made here works here, and what was not is let go without a wait.
        fresh = cvm.Engine()
        fresh.load_customers(pa.table({"id": [1, 2]}), "id")
        said += f" [{fresh.count('everyone')}]"
        del engine
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    assert "made in another process" in said
    assert "spawn" in said
    assert said.endswith("[2]")
    assert engine.count("everyone") == 3


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("call", ["engine.load_customers(sys.argv[1])", "engine.reference_members('id > 5')"])
def test_interrupt(tmp_path: Path, call: str) -> None:
    path = tmp_path / "many.csv"
    with path.open("w") as file:
        file.write("id,a,b\n")
        file.writelines(f"{i},{i * 7 % 1000},{i * 3 % 777}\n" for i in range(1_000_000))
    program = (
        "import os, sys, cvm\n"
        "engine = cvm.Engine()\n"
        f"{'' if 'load' in call else 'engine.load_customers(sys.argv[1])'}\n"
        "print('ready', flush=True)\n"
        f"try: {call}\n"
        "except KeyboardInterrupt: print('interrupted', flush=True); os._exit(0)\n"
        "print('finished', flush=True)\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        assert process.stdout.read() == "interrupted\n"
    # The promise is 50 ms; the rest is for a busy machine.
    assert time.monotonic() - sent < 5
