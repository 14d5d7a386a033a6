/** Changes that follow each other sooner than this, in ms, are of a reader who drags. */
const CLOSE = 90;
const PAUSE = 80;

/** Does what takes long after a change. */
export interface AfterChanges {
  /** As soon as may be; while the reader drags, at the first pause. What was to be done before is not. */
  readonly run: (act: () => void) => void;
  /** Nothing is left to be done. */
  readonly cancel: () => void;
}

/**
 * @param first - whether what has changed is painted before: it takes a frame more, and shows the reader so much sooner what needs no
 *   waiting for
 */
export function afterChanges(first: "painted" | "unpainted"): AfterChanges {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let changed = -Infinity;
  const cancel = () => {
    clearTimeout(waiting);
    cancelAnimationFrame(frame);
    changed = performance.now();
  };
  const soon = (act: () => void) => {
    // A page out of sight is not painted.
    if (first === "unpainted" || document.hidden) waiting = setTimeout(act);
    else frame = requestAnimationFrame(() => (frame = requestAnimationFrame(act)));
  };
  return {
    run: (act) => {
      const dragging = performance.now() - changed < CLOSE;
      cancel();
      if (dragging) waiting = setTimeout(act, PAUSE);
      else soon(act);
    },
    cancel
  };
}
