// Time per call: warm-up, then samples of many calls each; the median says least about the machine's other work.

const SAMPLES = 60;
const SAMPLE_NS = 10e6;
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
