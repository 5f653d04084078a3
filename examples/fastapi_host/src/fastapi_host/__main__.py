"""`python -m fastapi_host`: the example on this machine, with synthetic people, in a file that is gone when it ends."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

import uvicorn

import recoverycore as rc
from fastapi_host.app import create_app
from fastapi_host.engine_thread import EngineThread
from fastapi_host.synthetic import StoryClock, open_synthetic


def main() -> None:
    """Serve until somebody stops it."""
    parser = argparse.ArgumentParser(prog="fastapi_host", description="recoverycore in a web application, with synthetic people")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--speed", type=float, default=1, help="seconds of the story in a second; with 30 it climbs while you watch")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # when the server has ended in order: the folder goes, too
    clock, printer = StoryClock(chosen.speed), rc.PrintingDeliverer()  # yours sends
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "example.db")
        engine = EngineThread(lambda pulse: open_synthetic(file, clock, pulse, printer), tick_every=max(15 / chosen.speed, 0.5))
        print(f"Open http://127.0.0.1:{chosen.port}/ in a browser. Everybody in it is made up. Ctrl-C ends it.", flush=True)
        # This machine alone, always: whoever reaches it may say that they are anybody.
        uvicorn.run(create_app(engine), host="127.0.0.1", port=chosen.port, log_level="warning", access_log=False, ws="none")


if __name__ == "__main__":
    main()
