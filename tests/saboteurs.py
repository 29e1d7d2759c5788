"""Tasks that misbehave, to prove that the guard holds."""

import os
import time
from pathlib import Path


def echo(argument: bytes, data: bytes) -> bytes:
    print("a parser that prints must not spoil the reply")
    return argument + data


def die(argument: bytes, data: bytes) -> bytes:
    os._exit(9)


def hang(argument: bytes, data: bytes) -> bytes:
    while True:
        time.sleep(0.05)


def glut(argument: bytes, data: bytes) -> bytes:
    hoard = []
    while True:
        hoard.append(bytearray(32 * 2**20))
        time.sleep(0.01)


def fail(argument: bytes, data: bytes) -> bytes:
    raise ValueError("a fault of a parser")


def die_once(argument: bytes, data: bytes) -> bytes:
    """Dies where the file named by `argument` is not there yet, as a child does that the system ends."""
    marker = Path(argument.decode())
    if not marker.exists():
        marker.touch()
        os._exit(9)
    return data
