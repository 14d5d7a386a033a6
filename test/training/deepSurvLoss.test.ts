import fc from "fast-check";
import {beforeAll, expect, test} from "vitest";
import {deepSurvLoss, riskWeights, type BatchFollowUp, type Ties} from "../../data-loaders/training/deepSurvLoss.js";
import {loadJax, type Jax, type JaxArray} from "../../data-loaders/training/runtime.js";
import {philox} from "../../src/numeric/random.js";
import {coxph} from "../../src/survival/index.js";

let jax: Jax;
beforeAll(async () => void (jax = await loadJax(1)));

const array = (values: ArrayLike<number>, shape: number[]) => jax.numpy.array(Float32Array.from(values)).reshape(shape);

/** The loss and its gradient by the risk. */
async function lossAndGradient(risk: ArrayLike<number>, followUp: BatchFollowUp, ties: Ties) {
  const n = risk.length;
  const {weights, event} = riskWeights(followUp, ties);
  const f = (r: JaxArray) => deepSurvLoss(jax, r, array(weights, [n, n]), array(event, [n]));
  const [value, gradient] = jax.valueAndGrad(f)(array(risk, [n])) as [JaxArray, JaxArray];
  return {value: (await value.data())[0], gradient: (await gradient.data()) as Float32Array};
}

/** −ℓ / events, written out from Efron's and Breslow's formulas in double precision. */
function plainLoss(risk: ArrayLike<number>, {time, event, entry}: BatchFollowUp, ties: Ties): number {
  const rows = Array.from({length: risk.length}, (_, row) => row);
  const times = new Set(rows.filter((row) => event[row] === 1).map((row) => time[row]));
  let likelihood = 0;
  for (const t of times) {
    const dying = rows.filter((row) => event[row] === 1 && time[row] === t);
    const atRisk = rows.filter((row) => time[row] >= t && (!entry || entry[row] < t));
    const sum = (members: number[]) => members.reduce((total, row) => total + Math.exp(risk[row]), 0);
    dying.forEach((row, l) => {
      const taken = ties === "efron" ? (l / dying.length) * sum(dying) : 0;
      likelihood += risk[row] - Math.log(sum(atRisk) - taken);
    });
  }
  return -likelihood / rows.filter((row) => event[row] === 1).length;
}

function cohort(seed: number, n: number, tied: boolean, truncated = false) {
  const {uniform, normal} = philox(seed);
  const time = Array.from({length: n}, () => (tied ? 1 + Math.floor(5 * uniform()) : 1 + 9 * uniform()));
  const event = Array.from({length: n}, (_, k) => (k === 0 || uniform() < 0.5 ? 1 : 0));
  const entry = truncated ? time.map((t) => t * 0.9 * uniform()) : null;
  return {risk: Array.from({length: n}, () => normal()), followUp: {time, event, entry}};
}

test.each([
  ["breslow", false, false],
  ["breslow", true, false],
  ["efron", true, false],
  ["efron", true, true]
] as const)("%s, tied %s, truncated %s: value and gradient agree with finite differences", async (ties, tied, late) => {
  const {risk, followUp} = cohort(11, 30, tied, late);
  const {value, gradient} = await lossAndGradient(risk, followUp, ties);
  expect(value).toBeCloseTo(plainLoss(risk, followUp, ties), 5);
  risk.forEach((_, k) => {
    const moved = (h: number) => risk.map((r, j) => (j === k ? r + h : r));
    const slope = (plainLoss(moved(1e-5), followUp, ties) - plainLoss(moved(-1e-5), followUp, ties)) / 2e-5;
    expect(Math.abs(gradient[k] - slope)).toBeLessThan(1e-6);
  });
});

test.each(["efron", "breslow"] as const)("times the events it is the log likelihood of coxph, %s", async (ties) => {
  const {risk, followUp} = cohort(5, 60, true);
  const {time, event} = followUp;
  const fit = coxph({time, event, terms: {x: risk}}, {ties});
  const scaled = risk.map((value) => value * fit.coef[0]);
  const {value} = await lossAndGradient(scaled, followUp, ties);
  const events = event.filter((happened) => happened === 1).length;
  expect(-value * events).toBeCloseTo(fit.logLikelihood[1], 3);
});

test("does not change when all risks rise, nor overflow", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({min: 0, max: 1000}), fc.integer({min: -300, max: 300}), async (seed, shift) => {
      const {risk, followUp} = cohort(seed, 12, true);
      const {value} = await lossAndGradient(risk, followUp, "efron");
      const moved = await lossAndGradient(
        risk.map((r) => r + shift),
        followUp,
        "efron"
      );
      expect(Math.abs(moved.value - value)).toBeLessThan(1e-3);
    }),
    {numRuns: 15}
  );
});

test("L2 adds half the sum of squares", async () => {
  const {risk, followUp} = cohort(3, 10, false);
  const {weights, event} = riskWeights(followUp, "efron");
  const loss = (l2: number, penalised: JaxArray[]) =>
    deepSurvLoss(jax, array(risk, [10]), array(weights, [10, 10]), array(event, [10]), l2, penalised);
  const [plain] = await loss(0, [array([3, 4], [2])]).data();
  const [penalised] = await loss(0.1, [array([3, 4], [2])]).data();
  expect(penalised - plain).toBeCloseTo(1.25, 5);
});

test("a batch without an event is refused", () => {
  expect(() => riskWeights({time: [1, 2], event: [0, 0], entry: null}, "efron")).toThrow(/holds no event/);
});
