"""Drives a headless Chromium by its debugging protocol over a pipe: no port, no network, no driver."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find():
    """The path of a Chromium, or None."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((path for path in map(shutil.which, filter(None, names)) if path), None)


class Browser:
    """One page at a time. Everything that a page does wrong ends up in `faults`."""

    def __init__(self, program):
        self.faults = []
        self.answers = {}
        self.events = []
        self.last = 0
        self.session = None
        self.rest = b""
        self.profile = tempfile.mkdtemp()
        to_read, to_write = os.pipe(), os.pipe()  # of the browser: it reads 3 and writes 4

        def places():
            # Moved out of the way first: either may stand where the other belongs.
            read, write = os.dup(to_read[0]), os.dup(to_write[1])
            high_read, high_write = 100, 101
            os.dup2(read, high_read)
            os.dup2(write, high_write)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        command = [program, "--headless=new", "--remote-debugging-pipe", "--disable-gpu",
                   "--no-first-run", "--disable-extensions", "--disable-background-networking",
                   f"--user-data-dir={self.profile}", "--hide-scrollbars",
                   # Nothing leaves: no name is found, and the proxy is a closed port.
                   "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")
        self.process = subprocess.Popen(command, preexec_fn=places, close_fds=False,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(to_read[0])
        os.close(to_write[1])
        self.to_browser, self.from_browser = to_read[1], to_write[0]
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
        except (OSError, TimeoutError, RuntimeError):
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def ask(self, method, **parameters):
        self.last += 1
        number = self.last
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        self.wait(lambda: number in self.answers, method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait(self, is_there, what, seconds=60):
        end = time.monotonic() + seconds
        while not is_there():
            ready, _, _ = select.select([self.from_browser], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(f"no answer to {what}")
            more = os.read(self.from_browser, 1 << 20)
            if not more:
                raise RuntimeError(f"the browser ended during {what}")
            *messages, self.rest = (self.rest + more).split(b"\0")
            for message in map(json.loads, messages):
                self.take(message)

    def take(self, message):
        if "id" in message:
            self.answers[message["id"]] = message
            return
        method, told = message["method"], message.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details.get("text")
            self.faults.append(f"exception: {text}")
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.faults.append(f"console: {told['args'][0].get('value')}")
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.faults.append(f"log: {told['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            url = told["request"]["url"]
            if not url.startswith(("file:", "data:", "about:")):
                self.faults.append(f"request: {url}")

    def open(self, path, width, scheme="light", scripts=True):
        """Shows a file; what it does wrong is in `faults` afterwards."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                 mobile=False)
        self.ask("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.faults.clear()
        self.events.clear()
        self.ask("Page.navigate", url=f"file://{path}")
        self.wait(lambda: "Page.loadEventFired" in self.events, "loading")
        # Resize observers and the first frames.
        self.value("new Promise(done => setTimeout(done, 150))" if scripts else "1")

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True,
                          returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def picture(self, path):
        height = self.value("document.documentElement.scrollHeight")
        width = self.value("innerWidth")
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
