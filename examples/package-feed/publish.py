#!/usr/bin/python3
"""Publishes Debian's package list, one message per package, to the group debian/<section>.

Usage: publish.py URL LIST   (LIST: the output of `apt-cache dumpavail`)
Every second message is FIFO, the others AGREED. A window of unanswered publishes is kept full; each carries a `key`, so that
it can be repeated when its answer says that it may be, and is done once. Prints progress to stderr, the totals as JSON to
stdout.
"""
import asyncio
import json
import sys
import time
import uuid

import websockets

WINDOW = 200
TRIES = 20
RUN = uuid.uuid4().hex
END = "debian/_end"


def records(path):
    """Yields (package, section, text) for every stanza of the list."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        stanza = []
        for line in lines:
            if line.strip():
                stanza.append(line)
                continue
            if stanza:
                yield parse(stanza)
                stanza = []
        if stanza:
            yield parse(stanza)


def parse(stanza):
    fields = dict(line.split(": ", 1) for line in stanza if line[0] not in " \t" and ": " in line)
    section = fields.get("Section", "none").strip().replace("/", ".")
    return fields["Package"].strip(), section, "".join(stanza)


async def publish(url, path):
    socket = await websockets.connect(url, subprotocols=["convene.v1.json"], max_size=None)
    await socket.send(json.dumps({"id": 1, "connect": {"name": "publisher", "membership": False}}))
    answer = json.loads(await socket.recv())
    if "ok" not in answer:
        sys.exit(f"connect was refused: {answer}")

    window = asyncio.Semaphore(WINDOW)
    failures = []
    counts = {}
    unanswered = {}
    tries = {}
    again = set()

    async def send(request, message):
        unanswered[request] = message
        await socket.send(json.dumps({"id": request, "multicast": message}))

    async def repeat(request, message, error):
        await asyncio.sleep(error.get("retryAfterMs", 200) / 1000)
        await send(request, message)

    async def answers():
        async for frame in socket:
            answer = json.loads(frame)
            if "id" not in answer:
                continue
            request, message, error = answer["id"], unanswered.pop(answer["id"], None), answer.get("error")
            if error and message and error["temporary"] and tries.get(request, 0) < TRIES:
                tries[request] = tries.get(request, 0) + 1
                task = asyncio.create_task(repeat(request, message, error))
                again.add(task)
                task.add_done_callback(again.discard)
                continue
            if error:
                failures.append(answer)
            window.release()

    reader = asyncio.create_task(answers())
    started = shown = time.monotonic()
    number = 0
    for package, section, text in records(path):
        number += 1
        counts[section] = counts.get(section, 0) + 1
        await window.acquire()
        await send(number + 1, {
            "group": "debian/" + section,
            "service": "fifo" if number % 2 else "agreed",
            "key": f"{RUN}-{number}",
            "body": {"package": package, "number": number, "record": text},
        })
        if failures:
            break
        if time.monotonic() - shown > 1:
            shown = time.monotonic()
            print(f"  published {number:6d}  {number / (shown - started):8.0f}/s", file=sys.stderr, flush=True)
    for _ in range(WINDOW):
        await window.acquire()
    if failures:
        sys.exit(f"refused: {failures[0]}")
    await send(number + 2, {"group": END, "service": "agreed", "key": f"{RUN}-end", "body": {"total": number}})
    # The window is used up, so the next place in it is the answer to this.
    await window.acquire()
    if failures:
        sys.exit(f"refused: {failures[0]}")
    took = time.monotonic() - started
    print(f"  published {number:6d}  {number / took:8.0f}/s, all acknowledged", file=sys.stderr, flush=True)
    await socket.send(json.dumps({"id": number + 3, "close": {}}))
    await window.acquire()
    reader.cancel()
    await socket.close()
    print(json.dumps({"total": number, "sections": dict(sorted(counts.items()))}))


if __name__ == "__main__":
    asyncio.run(publish(sys.argv[1], sys.argv[2]))
