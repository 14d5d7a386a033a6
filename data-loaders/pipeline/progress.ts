/** Told of work as it goes on: what, how many of how many. */
export type Progress = (label: string, done: number, of: number) => void;

/** Says nothing. */
export const silent: Progress = () => {};

/**
 * Progress on a terminal: one line a label, rewritten in place, with the time left. Where the output is no terminal
 * (a log), a line at the start of each label, every tenth of it, and at its end.
 */
export function terminalProgress(out: NodeJS.WriteStream): Progress {
  let current = "";
  let started = 0;
  let tenth = -1;
  return (label, done, of) => {
    const now = performance.now();
    if (label !== current) {
      current = label;
      started = now;
      tenth = -1;
    }
    const finished = done >= of;
    const line = `  ${label.padEnd(34)} ${count(done, of)}${timing(now - started, done, of)}`;
    if (out.isTTY) {
      out.write(`\r\x1b[2K${line}${finished ? "\n" : ""}`);
      return;
    }
    const reached = Math.floor((10 * done) / of);
    if (reached === tenth) return;
    tenth = reached;
    out.write(`${line}\n`);
  };
}

function count(done: number, of: number): string {
  return of === 1 ? (done ? "done" : "…").padEnd(12) : `${done} of ${of}`.padEnd(12);
}

function timing(elapsed: number, done: number, of: number): string {
  if (done >= of) return `  ${seconds(elapsed)}`;
  // A guess from less than half a second of work says nothing.
  if (done === 0 || elapsed < 500) return "";
  return `  about ${seconds((elapsed / done) * (of - done))} left`;
}

function seconds(milliseconds: number): string {
  const s = milliseconds / 1000;
  if (s >= 90) return `${Math.round(s / 60)} min`;
  return s < 10 ? `${s.toFixed(1)} s` : `${Math.round(s)} s`;
}
