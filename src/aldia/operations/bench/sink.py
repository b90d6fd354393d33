"""An SMTP server that takes everything and keeps nothing but counts: the other side of a measurement.

`python -m aldia.operations.bench.sink` prints its port; for each line it reads it prints {mails, different}
and begins to count anew.
"""

import asyncio
import json
import re
import sys

_HOST = "127.0.0.1"
_LINE_MAX = 1 << 20
_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_OK = b"250 2.0.0 OK\r\n"


class Sink:
    """Counts mails, and how many different ones by their Message-ID."""

    def __init__(self) -> None:
        self.mails = 0
        self.ids: set[bytes] = set()

    def told(self) -> dict[str, int]:
        """The counts so far; they begin anew."""
        counts = {"mails": self.mails, "different": len(self.ids)}
        self.mails, self.ids = 0, set()
        return counts

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One line with one client, to its end."""
        writer.write(b"220 sink ESMTP\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                self._keep(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(_OK)
            elif word == b"QUIT":
                writer.write(b"221 2.0.0 bye\r\n")
                break
            elif word == b"EHLO":
                writer.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            else:
                writer.write(_OK)
        writer.close()

    def _keep(self, content: bytes) -> None:
        found = _MESSAGE_ID.search(content)
        self.mails += 1
        self.ids.add(found[1] if found else content)


async def _serve() -> None:
    sink = Sink()
    server = await asyncio.start_server(sink.talk, _HOST, 0, limit=_LINE_MAX)
    _print(server.sockets[0].getsockname()[1])
    while await asyncio.to_thread(sys.stdin.readline):
        _print(sink.told())


def _print(said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve())
