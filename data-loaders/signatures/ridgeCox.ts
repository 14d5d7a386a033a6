import {partialLikelihood, type RiskSets} from "./partialLikelihood.js";
import {dot} from "./rowSpace.js";

/** Rows of a model: n × width, row by row, aligned with the risk sets. */
export interface Design {
  readonly values: Float64Array;
  readonly width: number;
}

/** The maximum of log partial likelihood − penalty / 2 · |coefficients|². */
export interface RidgeCoxFit {
  readonly coefficients: Float64Array;
  /** By row of the design. */
  readonly predictor: Float64Array;
  /** Unpenalised, at the maximum. */
  readonly logLikelihood: number;
  readonly iterations: number;
}

const mostIterations = 60;
/** The largest gradient left over, in units of events: far below what float32 weights can carry. */
const tolerance = 1e-9;

/**
 * Cox's model with a ridge penalty and Breslow's ties, by Newton's method; each step is solved by conjugate gradients,
 * so that no Hessian is ever formed. The problem is concave and has one maximum for any penalty > 0.
 *
 * @param start - coefficients to begin from, e.g. of a neighbouring penalty
 * @throws {RangeError} when it does not converge
 * @see R `coxph(y ~ ridge(x, theta = penalty, scale = FALSE), ties = "breslow")`; Verweij & Van Houwelingen (1994)
 */
export function ridgeCox(sets: RiskSets, design: Design, penalty: number, start?: Float64Array): RidgeCoxFit {
  const {width} = design;
  const precondition = preconditioner(design, sets.events / Math.max(1, sets.rows), penalty);
  let coefficients = start ? Float64Array.from(start) : new Float64Array(width);
  let predictor = times(design, coefficients);
  let likelihood = partialLikelihood(sets, predictor);
  const objective = (value: number, at: Float64Array) => value - (penalty / 2) * dot(at, at);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const pull = transposedTimes(design, likelihood.gradient);
    const gradient = pull.map((value, k) => value - penalty * coefficients[k]);
    if (largest(gradient) <= tolerance * Math.max(1, sets.events)) {
      return {coefficients, predictor, logLikelihood: likelihood.value, iterations: iteration};
    }
    const current = likelihood;
    const curvature = (vector: Float64Array) => {
      const through = transposedTimes(design, current.information(times(design, vector)));
      return through.map((value, k) => value + penalty * vector[k]);
    };
    const step = conjugateGradients(curvature, precondition, gradient);
    const before = objective(likelihood.value, coefficients);
    for (let length = 1; ; length /= 2) {
      const next = coefficients.map((value, k) => value + length * step[k]);
      const nextPredictor = times(design, next);
      const nextLikelihood = partialLikelihood(sets, nextPredictor);
      const gain = objective(nextLikelihood.value, next) - before;
      // Close to the maximum the gain drowns in rounding: a full step is right there.
      if (gain >= -1e-10 * Math.abs(before) || length < 1e-6) {
        [coefficients, predictor, likelihood] = [next, nextPredictor, nextLikelihood];
        break;
      }
    }
  }
  throw new RangeError(`ridgeCox: no convergence in ${mostIterations} steps at penalty ${penalty}`);
}

/** Solves A x = b for a positive definite A given as a function. */
function conjugateGradients(
  multiply: (vector: Float64Array) => Float64Array,
  precondition: (vector: Float64Array) => Float64Array,
  target: Float64Array
): Float64Array {
  const solution = new Float64Array(target.length);
  const residual = Float64Array.from(target);
  const enough = 1e-10 * Math.sqrt(dot(target, target));
  let preconditioned = precondition(residual);
  let direction = Float64Array.from(preconditioned);
  let energy = dot(residual, preconditioned);
  for (let k = 0; k < 4 * target.length && Math.sqrt(dot(residual, residual)) > enough; k++) {
    const image = multiply(direction);
    const length = energy / dot(direction, image);
    for (let j = 0; j < target.length; j++) {
      solution[j] += length * direction[j];
      residual[j] -= length * image[j];
    }
    preconditioned = precondition(residual);
    const nextEnergy = dot(residual, preconditioned);
    direction = direction.map((value, j) => preconditioned[j] + (nextEnergy / energy) * value);
    energy = nextEnergy;
  }
  return solution;
}

/** Solves (weight · XᵀX + penalty · I) y = v: the Hessian if every row weighed the same. */
function preconditioner({values, width}: Design, weight: number, penalty: number) {
  const rows = values.length / width;
  const lower = new Float64Array(width * width);
  for (let i = 0; i < rows; i++) {
    for (let a = 0; a < width; a++) {
      const scaled = weight * values[i * width + a];
      if (scaled === 0) continue;
      for (let b = 0; b <= a; b++) lower[a * width + b] += scaled * values[i * width + b];
    }
  }
  for (let a = 0; a < width; a++) {
    lower[a * width + a] += penalty;
    for (let b = 0; b <= a; b++) {
      let sum = lower[a * width + b];
      for (let k = 0; k < b; k++) sum -= lower[a * width + k] * lower[b * width + k];
      lower[a * width + b] = a === b ? Math.sqrt(sum) : sum / lower[b * width + b];
    }
  }
  return (vector: Float64Array) => {
    const solved = Float64Array.from(vector);
    for (let a = 0; a < width; a++) {
      for (let k = 0; k < a; k++) solved[a] -= lower[a * width + k] * solved[k];
      solved[a] /= lower[a * width + a];
    }
    for (let a = width - 1; a >= 0; a--) {
      solved[a] /= lower[a * width + a];
      for (let k = 0; k < a; k++) solved[k] -= lower[a * width + k] * solved[a];
    }
    return solved;
  };
}

/** Design · vector. */
export function times({values, width}: Design, vector: Float64Array): Float64Array {
  const product = new Float64Array(values.length / width);
  for (let i = 0; i < product.length; i++) product[i] = dot(values.subarray(i * width, (i + 1) * width), vector);
  return product;
}

function transposedTimes({values, width}: Design, vector: Float64Array): Float64Array {
  const product = new Float64Array(width);
  for (let i = 0; i < vector.length; i++) {
    for (let k = 0; k < width; k++) product[k] += vector[i] * values[i * width + k];
  }
  return product;
}

function largest(vector: Float64Array): number {
  return vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
