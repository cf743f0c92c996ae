"""Time per call, for the peers that Python calls."""

from collections.abc import Callable
from statistics import median
from time import perf_counter_ns, thread_time_ns

SAMPLES = 100
SAMPLE_NS = 5e6
WARM_UP_NS = 500e6
# What takes long is sampled less often.
LIMIT_NS = 1.5e9
FEWEST = 3


def per_call(run: Callable[[], object]) -> float:
    """Nanoseconds: the median of samples after a warm-up; the garbage collector stays on, as in real use.

    One call takes longer than the slices of time that a busy system gives out, so it is the thread's own time that
    counts: interruptions by others would be held against the peer.
    """
    start, calls = perf_counter_ns(), 0
    while perf_counter_ns() - start < WARM_UP_NS:
        run()
        calls += 1
    one = (perf_counter_ns() - start) / calls
    batch = max(1, round(SAMPLE_NS / one))
    samples = []
    for _ in range(max(FEWEST, min(SAMPLES, round(LIMIT_NS / (one * batch))))):
        before = thread_time_ns()
        for _ in range(batch):
            run()
        samples.append((thread_time_ns() - before) / batch)
    return median(samples)
