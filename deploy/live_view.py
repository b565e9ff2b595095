"""What a running daemon says of itself (/status.json), drawn again and again on a terminal, or as plain lines elsewhere."""

import json
import shutil
import sys
import urllib.error
import urllib.request

# 80 columns with the blanks between.
STREAM_COLUMNS = (("stream", 16), ("metric", 14), ("state", 15), ("newest interval", 18), ("records", 8), ("gaps", 4))


def fetch_status(url: str):
    """The status as a dict; None while the daemon does not answer."""
    try:
        # Never through a proxy: the daemon is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url + "/status.json", timeout=2) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None


def _row(cells) -> str:
    return " ".join(str(cell)[:width].ljust(width) for cell, (_, width) in zip(cells, STREAM_COLUMNS))


def _short(label: str) -> str:
    """`2026-11-23T10:05:00+10:00` as `11-23 10:05 +10:00`."""
    return f"{label[5:10]} {label[11:16]} {label[19:]}" if label else "-"


def record_line(text: str) -> str:
    """A record as a person reads it; the text itself where it is something else."""
    try:
        record = json.loads(text)
        series = " ".join(record[name] for name in ("network_region", "fueltech_group") if name in record)
        number = "no value" if record["value"] is None else f"{record['value']:,.2f} {record['unit']}"
        again = f"  revision {record['revision']}" if record.get("revision") else ""
        return (f"{_short(record['interval'])}  {record['network_code']} {series[:24]:24} {record['metric'][:12]:12}"
                f"{number:>15}{again}")
    except (ValueError, KeyError, TypeError):
        return text


def _minute(time: str) -> str:
    return time[:16].replace("T", " ") + "Z"


def stream_lines(status: dict) -> list:
    lines = [_row(name for name, _ in STREAM_COLUMNS)]
    for member in status["streams"]:
        lines.append(_row((member["stream"], member["metric"], member["state"], _short(member["newest"]),
                           member["records"], member["open_gaps"])))
        if member["last_error"]:
            lines.append(f"  {member['last_error']}")
    return lines


class LiveView:
    """`top` and `bottom`: lines that stay; between them the streams and the newest records."""

    def __init__(self, top: list, bottom: list, out=sys.stdout):
        self.top = top
        self.bottom = bottom
        self.out = out
        self.is_terminal = out.isatty()
        self.seen = []
        self.said = None
        if not self.is_terminal:
            self._print(self.top + [""] + self.bottom + [""])

    def _print(self, lines: list):
        self.out.write("".join(line + "\n" for line in lines))
        self.out.flush()

    def show(self, status: dict):
        if self.is_terminal:
            self._draw(status)
        else:
            self._append(status)

    def _draw(self, status: dict):
        width, height = shutil.get_terminal_size()
        state = "ready" if status["ready"] else status["not_ready_because"]
        blank = [""] if height >= 30 else []
        lines = self.top + blank + [f"{status['role']}, {state} · {status['records']} records in {status['transactions']}"
                                    f" commits · it is {_minute(status['now'])} there"] + blank
        lines += stream_lines(status) + blank + ["newest records (a few of each commit)"]
        room = max(1, min(20, height - len(lines) - len(self.bottom) - len(blank) - 1))
        newest = [record_line(text) for text in status["recent"][:room]]
        lines += newest + [""] * (room - len(newest)) + blank + self.bottom
        # Home, each line cleared to its end, then what is left of the old screen: no flicker.
        text = "".join(line[:width] + "\x1b[K\n" for line in lines[:height - 1])
        self.out.write("\x1b[H" + text + "\x1b[J")
        self.out.flush()

    def _append(self, status: dict):
        recent = status["recent"][::-1]  # the oldest first, as lines follow each other
        # The daemon keeps the newest 20: what we have not printed begins after the longest overlap with what we have.
        overlap = next((size for size in range(min(len(recent), len(self.seen)), 0, -1)
                        if self.seen[-size:] == recent[:size]), 0)
        self._print(["  " + record_line(text) for text in recent[overlap:]])
        self.seen = recent
        summary = (status["records"], status["role"], status["not_ready_because"])
        if summary != self.said:
            self.said = summary
            why = f", not ready: {status['not_ready_because']}" if status["not_ready_because"] else ""
            self._print([f"{status['role']}: {status['records']} records in {status['transactions']} commits, "
                         f"it is {_minute(status['now'])} there{why}"])

    def __enter__(self):
        if self.is_terminal:
            self.out.write("\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J")
        return self

    def __exit__(self, *_):
        if self.is_terminal:
            self.out.write("\x1b[?25h\x1b[?1049l")
            self.out.flush()
