// Time per call: warm-up, then many samples, shorter than the slices of time that a busy system gives out: most of them
// are measured without an interruption, and the median is one of those.

const SAMPLES = 800;
const SAMPLE_NS = 1e6;
const WARM_UP_NS = 500e6;

const now = () => Number(process.hrtime.bigint());

/** Nanoseconds per call of `run`, the median of the samples. */
export function median(run) {
  const start = now();
  let calls = 0;
  while (now() - start < WARM_UP_NS) {
    run();
    calls += 1;
  }
  const batch = Math.max(1, Math.round((calls * SAMPLE_NS) / WARM_UP_NS));
  const samples = Array.from({ length: SAMPLES }, () => {
    const from = now();
    for (let i = 0; i < batch; i += 1) run();
    return (now() - from) / batch;
  });
  return samples.sort((a, b) => a - b)[SAMPLES / 2];
}
