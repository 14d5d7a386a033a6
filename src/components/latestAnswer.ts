/** Somebody who picks the rows of a question, at once or later. */
export interface Answerer<Question> {
  readonly name: string;
  rows(question: Question): Promise<Uint8Array>;
}

/**
 * Draws answers in the order of their questions and never an old one: an answer that comes after a later question was
 * asked is dropped. While nobody else answers, or when the other fails, the page answers by itself, at once.
 *
 * @param own - the page's own answer
 * @param draw - told who answered: null is the page itself. `asked` counts the questions
 */
export function latestAnswer<Question>(
  own: (question: Question) => Uint8Array,
  draw: (question: Question, rows: Uint8Array, by: string | null, asked: number) => void
) {
  let other: Answerer<Question> | null = null;
  let asked = 0;
  return {
    /** From now on this one is asked. */
    answeredBy: (answerer: Answerer<Question>) => {
      other = answerer;
    },
    /** Resolves once the question is drawn or overtaken. */
    ask: async (question: Question): Promise<void> => {
      const mine = ++asked;
      if (!other) return draw(question, own(question), null, mine);
      const {name} = other;
      let rows: Uint8Array;
      try {
        rows = await other.rows(question);
      } catch (error) {
        // The worker may have been stopped by the browser; the page can answer by itself.
        console.warn(error);
        other = null;
        if (mine === asked) draw(question, own(question), null, mine);
        return;
      }
      if (mine === asked) draw(question, rows, name, mine);
    }
  };
}
