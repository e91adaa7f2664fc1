"""The bare loop that a synced journal is measured by: a record written, then fdatasync.

The file is filled with zeros beforehand, as our journal's is, so that no sync has to make it longer: the
fastest thing a loop of system calls can do. It lies in the folder it is given, on the same disk.
"""
import os
import tempfile

import numpy as np

from protocol import serve

RECORD = bytes(200)


def journal_commits(inputs, threads):
    commits = int(inputs[0][0])
    folder = inputs[1]
    descriptor, path = tempfile.mkstemp(dir=folder, prefix="raw-syncs-")
    os.unlink(path)
    length = commits * len(RECORD)
    os.pwrite(descriptor, bytes(length), 0)
    os.fsync(descriptor)

    def run():
        for commit in range(commits):
            os.pwrite(descriptor, RECORD, commit * len(RECORD))
            os.fdatasync(descriptor)

    # How many records are on the disk, one a sync.
    return run, lambda: np.array([float(os.fstat(descriptor).st_size // len(RECORD))]), "raw fdatasync loop"


serve({"journal_commits": journal_commits})
