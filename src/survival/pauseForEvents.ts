/** Milliseconds of work between two pauses. */
const slice = 30;

/** A function to await in a long loop: now and then it lets events through, such as an abort or a repaint. */
export function pauseForEvents(): () => Promise<void> {
  let next = performance.now() + slice;
  return async () => {
    if (performance.now() < next) return;
    await new Promise((resume) => setTimeout(resume));
    next = performance.now() + slice;
  };
}
