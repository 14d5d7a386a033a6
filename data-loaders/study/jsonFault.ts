/** Where a text stops being JSON, as an editor counts. */
export interface JsonFault {
  readonly row: number;
  readonly character: number;
  /** What was looked for and what stands there. */
  readonly words: string;
}

/**
 * The first place at which a text is no JSON, or null if it is JSON. Needed because not every message of JSON.parse tells a
 * position.
 *
 * @see RFC 8259
 */
export function jsonFault(text: string): JsonFault | null {
  let at = 0;
  const blank = () => {
    while (at < text.length && " \t\r\n".includes(text[at])) at++;
  };
  const wanted = (what: string): never => {
    throw new Fault(at, what);
  };
  const token = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found !== null;
  };
  /** Items up to `close`, commas between. */
  const list = (close: string, item: () => void) => {
    at++;
    blank();
    if (text[at] === close) return void at++;
    for (;;) {
      item();
      blank();
      if (text[at] === close) return void at++;
      if (text[at] !== ",") wanted(`a comma or ${close}`);
      at++;
      blank();
    }
  };
  const pair = () => {
    if (!token(stringToken)) wanted("a key in double quotes");
    blank();
    if (text[at] !== ":") wanted("a colon");
    at++;
    value();
  };
  const value = (): void => {
    blank();
    if (text[at] === "{") list("}", pair);
    else if (text[at] === "[") list("]", value);
    else if (!token(stringToken) && !token(otherToken)) wanted("a value");
  };
  try {
    value();
    blank();
    if (at < text.length) wanted("the end of the file");
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return described(text, error);
  }
}

const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y; // eslint-disable-line no-control-regex
const otherToken = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Fault extends Error {
  constructor(
    readonly at: number,
    readonly looked: string
  ) {
    super(looked);
  }
}

function described(text: string, {at, looked}: Fault): JsonFault {
  const before = text.slice(0, at).split("\n");
  const there = at < text.length ? `but ${JSON.stringify(text[at])} stands there` : "but the file ends there";
  return {row: before.length, character: before.at(-1)!.length + 1, words: `${looked} should come, ${there}`};
}
