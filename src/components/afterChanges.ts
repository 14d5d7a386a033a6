/** Changes that follow each other sooner than this, in ms, are of a reader who drags. */
const CLOSE = 90;
const PAUSE = 80;

/** Does what takes long after a change. */
export interface AfterChanges {
  /** As soon as the browser has a moment; while the reader drags, at the first pause. What was to be done before is not. */
  readonly run: (act: () => void) => void;
  /** Nothing is left to be done. */
  readonly cancel: () => void;
}

export function afterChanges(): AfterChanges {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let changed = -Infinity;
  const cancel = () => {
    clearTimeout(waiting);
    changed = performance.now();
  };
  return {
    run: (act) => {
      const dragging = performance.now() - changed < CLOSE;
      cancel();
      waiting = setTimeout(act, dragging ? PAUSE : 0);
    },
    cancel
  };
}
