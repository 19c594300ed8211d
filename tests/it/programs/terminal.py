#!/usr/bin/env python3
"""Runs a program whose standard output is a terminal of so many columns, and passes on what it writes there."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

columns, *command = sys.argv[1:]
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs)
os.close(theirs)
written = b""
while True:
    try:
        piece = os.read(ours, 65536)
    except OSError:  # what Linux says where the other side is closed
        break
    if not piece:
        break
    written += piece
sys.stdout.buffer.write(written.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(program.wait())
