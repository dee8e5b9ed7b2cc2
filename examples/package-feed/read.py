#!/usr/bin/python3
"""Reads all sections over WebSocket and prints what it saw.

Usage: read.py URL GROUPS READY   (GROUPS: a file with one group per line; READY: a file to make once all are joined)
The digest is SHA-256 over the lines `<position> <group> <package>` in the order of arrival.
"""
import asyncio
import hashlib
import json
import sys

import websockets

END = "debian/_end"


def pushes(frame):
    """The pushes of a frame: itself, or those of a batch."""
    return frame["batch"] if "batch" in frame else [frame]


async def read(url, groups, ready):
    socket = await websockets.connect(url, subprotocols=["convene.v1.json"], max_size=None, max_queue=None)
    await socket.send(json.dumps({"id": 1, "connect": {"name": "reader-python"}}))
    for number, group in enumerate(groups):
        await socket.send(json.dumps({"id": number + 2, "join": {"group": group}}))
    unanswered = len(groups) + 1
    digest = hashlib.sha256()
    counts = {}
    views = 0
    async for text in socket:
        for push in pushes(json.loads(text)):
            if "error" in push:
                sys.exit(f"refused: {push}")
            if "id" in push:
                unanswered -= 1
                if unanswered == 0:
                    open(ready, "w").close()
            elif "view" in push:
                views += 1
            elif "message" in push:
                message = push["message"]
                group = message["groups"][0]
                if group == END:
                    result = {"total": sum(counts.values()), "views": views, "sections": dict(sorted(counts.items())),
                              "digest": digest.hexdigest(), "announced": message["body"]["total"]}
                    print(json.dumps(result))
                    await socket.close()
                    return
                section = group.split("/", 1)[1]
                counts[section] = counts.get(section, 0) + 1
                digest.update(f"{message['at']} {group} {message['body']['package']}\n".encode())


if __name__ == "__main__":
    asyncio.run(read(sys.argv[1], open(sys.argv[2]).read().split(), sys.argv[3]))
