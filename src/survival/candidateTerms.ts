import {attempt} from "./attempt.js";
import {compareNested} from "./compareNested.js";
import {coxph} from "./coxph.js";
import type {ChiSquareTest, CoxModel} from "./coxph.js";
import {coxZph} from "./coxZph.js";
import type {Terms} from "./designColumns.js";
import {functionalForm} from "./functionalForm.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

/** What one term says, alone or beside the others. */
export interface TermEffect {
  readonly coefficients: readonly {
    /** Null for a numeric term. */
    readonly level: string | null;
    readonly hazardRatio: number;
    readonly lower: number;
    readonly upper: number;
    readonly p: number;
  }[];
  /** Of the term as a whole, against the model without it. */
  readonly likelihoodRatio: ChiSquareTest;
  /** Test of proportional hazards of the term in this model. */
  readonly proportionalHazards: ChiSquareTest;
  readonly n: number;
  readonly events: number;
}

/** One candidate term; a null has its reason in `refusals`. */
export interface CandidateTerm {
  readonly term: string;
  readonly univariable: TermEffect | null;
  readonly multivariable: TermEffect | null;
  /** Numeric terms: test of a restricted cubic spline (4 knots) against the straight line, alone. */
  readonly nonLinear: ChiSquareTest | null;
  readonly refusals: readonly string[];
}

export interface CandidateTerms {
  readonly terms: readonly CandidateTerm[];
  /** Of the model with all terms; null where it could not be fitted. */
  readonly multivariable: {readonly n: number; readonly events: number; readonly coefficients: number} | null;
  readonly refusals: readonly string[];
}

/**
 * Each term alone and all together in Cox models, with tests of proportional hazards and of linearity.
 *
 * @see R `coxph`, `anova`, `cox.zph`, `rms::rcs`
 */
export function candidateTerms(input: SurvInput & {readonly terms: Terms}): CandidateTerms {
  const {terms} = input;
  const refusals: string[] = [];
  const full = attempt(refusals, () => usable(coxph(input)));
  return {
    terms: Object.entries(terms).map(([term, column]): CandidateTerm => {
      const own: string[] = [];
      const alone = {...input, terms: {[term]: column}};
      const others = Object.fromEntries(Object.entries(terms).filter(([name]) => name !== term));
      return {
        term,
        univariable: attempt(own, () => {
          const fit = usable(coxph(alone));
          return effectOf(fit, term, fit.likelihoodRatio);
        }),
        multivariable: full && attempt(own, () => effectOf(full, term, withoutTerm(input, others, full))),
        nonLinear: "levels" in column ? null : attempt(own, () => functionalForm({...alone, variable: term}).nonLinear),
        refusals: own
      };
    }),
    multivariable: full && {n: full.n, events: full.events, coefficients: full.names.length},
    refusals
  };
}

/** A model whose coefficients are all finite numbers. */
function usable(fit: CoxModel): CoxModel {
  if (fit.warnings.length > 0) throw new SurvivalInputError(fit.warnings.join(" "));
  if (fit.events < fit.names.length)
    throw new SurvivalInputError(`${fit.events} events are too few for ${fit.names.length} coefficients.`);
  return fit;
}

/** Likelihood ratio of the full model to the one without a term, on the patients of the full one. */
function withoutTerm(input: SurvInput & {readonly terms: Terms}, others: Terms, full: CoxModel): ChiSquareTest {
  if (Object.keys(others).length === 0) return full.likelihoodRatio;
  const {surv, time} = input as {surv?: {size: number}; time?: ArrayLike<number>};
  const rows = new Uint8Array(surv?.size ?? time!.length);
  for (const i of full.internal.data.row) rows[i] = 1;
  return compareNested(coxph({...input, terms: masked(others, rows)}), full);
}

/** Rows without mask are made missing, so that both models see the same patients whatever the input's form. */
function masked(terms: Terms, rows: Uint8Array): Terms {
  const [[first, column], ...others] = Object.entries(terms);
  const kept =
    "levels" in column
      ? {...column, values: Array.from(column.values, (value, i) => (rows[i] ? value : null))}
      : Float64Array.from(column, (value, i) => (rows[i] ? value : NaN));
  return {[first]: kept, ...Object.fromEntries(others)};
}

function effectOf(fit: CoxModel, term: string, likelihoodRatio: ChiSquareTest): TermEffect {
  const own = fit.names.flatMap((name, j) => (fit.term[j] === term ? [{name, j}] : []));
  const {statistic, df, p} = coxZph(fit).terms.find((row) => row.term === term)!;
  return {
    coefficients: own.map(({name, j}) => ({
      level: name === term ? null : name.slice(term.length),
      hazardRatio: fit.hazardRatio[j],
      lower: fit.lower[j],
      upper: fit.upper[j],
      p: fit.p[j]
    })),
    likelihoodRatio,
    proportionalHazards: {statistic, df, p},
    n: fit.n,
    events: fit.events
  };
}
