"""Start one command, and write into a pipe its CPU and wall time, what it held at most and how it ended.

Linux counts what a process held before it became another program among what that one held: so what starts a
command to see its memory must hold next to nothing, and imports no more than this.
"""

import os
import sys
import time

pipe = int(sys.argv[1])
os.set_inheritable(pipe, False)
start = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_pid, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - start
cpu = usage.ru_utime + usage.ru_stime
os.write(pipe, f"{cpu} {seconds} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}".encode())
