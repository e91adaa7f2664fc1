"""How a peer talks with the bench program: one JSON object a line, on standard input and output.

    {"command": "load", "case": ..., "inputs": [{"path", "dtype", "shape"}], "output": PATH, "threads": N}
        (an input without a dtype is no array: the case is given its path)
        -> {"ready": CASE, "output": PATH, "dtype": "<f4", "version": "PyTorch 2.15.0"}
    {"command": "run", "warm_ups": M, "repeats": N}
        -> {"seconds": of one of the repeats, which are counted after the warm-ups}
    {"command": "quit"}                -> ends, as does the end of the input

A script gives `serve` its cases: functions that take the inputs and the number of threads and return
`(run, output, version)`. `run` does the work once; `output` gives an array to compare.
"""
import json
import os
import sys
import time

THREAD_VARIABLES = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS")


def read_inputs(inputs):
    import numpy as np

    return [
        np.fromfile(i["path"], dtype=i["dtype"]).reshape(i["shape"]) if i["dtype"] else i["path"]
        for i in inputs]


def load(message, cases):
    import numpy as np

    make = cases[message["case"]]
    run, output, version = make(read_inputs(message["inputs"]), message["threads"])
    start = time.perf_counter()
    run()
    taken = time.perf_counter() - start
    values = np.ascontiguousarray(output())
    values.tofile(message["output"])
    for _ in range(2 if taken < 1 else 0):
        run()
    return run, {"ready": message["case"], "output": message["output"],
                 "dtype": values.dtype.str, "version": version}


def seconds(run, warm_ups, repeats):
    for _ in range(warm_ups):
        run()
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def serve(cases):
    # What libraries print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    run = None
    for line in sys.stdin:
        message = json.loads(line)
        command = message["command"]
        if command == "load":
            run, answer = load(message, cases)
        elif command == "run":
            answer = {"seconds": seconds(run, message["warm_ups"], message["repeats"])}
        else:
            return
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
