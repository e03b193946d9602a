"""A headless Chromium that tests and pictures drive, over its DevTools protocol in two pipes."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
#: Chromium reads commands from this file descriptor, and writes events to the next one.
_COMMANDS, _EVENTS = 3, 4
_KEYS = {"Tab": 9, "Enter": 13}
_COMPLAINTS = ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")

Answer = dict[str, Any]


class Tab:
    """One page in the browser. `complaints` are its console messages and errors so far."""

    def __init__(self, commands: int, events: int) -> None:
        self._commands, self._events = commands, events
        self._unread = b""
        self._last = 0
        self._session = ""
        self._seen: list[str] = []
        self.complaints: list[Answer] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Answer:
        """Call a method of the DevTools protocol; return its result."""
        self._last += 1
        asked = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._commands, json.dumps(asked).encode() + b"\0")
        while (answer := self._read()).get("id") != self._last:
            self._note(answer)
        assert "error" not in answer, answer["error"]
        result: Answer = answer["result"]
        return result

    def open(self, page: Path, fragment: str = "") -> None:
        """Open a file, and wait until it has loaded."""
        self._seen.clear()
        self.call("Page.navigate", url=page.as_uri() + fragment)
        while "Page.loadEventFired" not in self._seen:
            self._note(self._read())

    def resize(self, width: int, height: int, *, scale: float = 1.0) -> None:
        """Set the size of the window, in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=False)  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """Prefer a `light` or `dark` colour scheme."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press and release a key: Tab, Enter, or a character."""
        text = {"Enter": "\r", "Tab": ""}.get(key, key)
        pressed: Mapping[str, Any] = {"key": key, "modifiers": modifiers,
                   "windowsVirtualKeyCode": _KEYS.get(key, 0), "text": text}  # fmt: skip
        self.call("Input.dispatchKeyEvent", type="keyDown", **pressed)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, modifiers=modifiers)

    def evaluate(self, script: str) -> Any:
        """Return the value of a JavaScript expression in the page; await it if it is a promise."""
        found = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def screenshot(self) -> bytes:
        """Return what the window shows, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def _note(self, event: Answer) -> None:
        self._seen.append(event.get("method", ""))
        if event.get("method") in _COMPLAINTS:
            self.complaints.append(event["params"])

    def _read(self) -> Answer:
        while b"\0" not in self._unread:
            data = os.read(self._events, 1 << 20)
            assert data, "Chromium has ended"
            self._unread += data
        line, self._unread = self._unread.split(b"\0", 1)
        event: Answer = json.loads(line)
        return event


@contextmanager
def open_tab(folder: Path) -> Iterator[Tab]:
    """Start a Chromium that keeps its files in `folder`, and end it at the end of the block."""
    assert CHROMIUM is not None
    its_commands, commands = os.pipe()
    events, its_events = os.pipe()

    def arrange() -> None:
        # Moved up first: one of the four may be 3 or 4 already.
        high = [os.dup(each) for each in (its_commands, its_events)]
        os.dup2(high[0], _COMMANDS)
        os.dup2(high[1], _EVENTS)

    process = subprocess.Popen(
        [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}", "about:blank"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=arrange, close_fds=False,
    )  # fmt: skip
    os.close(its_commands)
    os.close(its_events)
    try:
        tab = Tab(commands, events)
        yield tab
    finally:
        os.close(commands)
        os.close(events)
        process.terminate()
        process.wait(timeout=30)
