import {describe, expect, it} from "vitest";
import {clinicalTable, type SyntheticPatient} from "../../data-loaders/synthetic/clinical.js";
import * as known from "../../data-loaders/synthetic/prevalences.js";
import {embeddedSeed} from "../../data-loaders/synthetic/writeEmbeddedStudy.js";
import {coxph} from "../../src/survival/coxph.js";
import {kaplanMeier} from "../../src/survival/kaplanMeier.js";
import {survivalAt} from "../../src/survival/survivalAt.js";
import {medianFollowUp} from "../../src/survival/survivalQuantile.js";
import {correlation, mean} from "./statistics.js";

const cohort = clinicalTable(embeddedSeed, 420);
/** As large as sampling error asks for where a coefficient or a slope is looked at. */
const many = clinicalTable(1, 6000);

const share = (patients: readonly SyntheticPatient[], has: (patient: SyntheticPatient) => boolean) =>
  mean(patients.map((patient) => (has(patient) ? 1 : 0)));
const followUp = (patients: readonly SyntheticPatient[]) => ({
  time: patients.map(({osMonths}) => osMonths),
  event: patients.map(({death}) => (death ? 1 : 0))
});
/** HR of `exposed` within a group. */
const hazardRatio = (patients: readonly SyntheticPatient[], exposed: (patient: SyntheticPatient) => boolean) =>
  coxph({...followUp(patients), terms: {exposed: patients.map((patient) => (exposed(patient) ? 1 : 0))}})
    .hazardRatio[0];

describe("the synthetic clinical table", () => {
  it.each<[string, number, (patient: SyntheticPatient) => boolean]>([
    ["men", known.maleShare, ({sex}) => sex === "male"],
    ...known.stages.map((name, k): [string, number, (p: SyntheticPatient) => boolean] => [
      name,
      known.stageShares[k],
      ({stage}) => stage === k
    ]),
    ["rN+", 0.35, ({nodal}) => nodal > 0],
    ["EBV DNA detectable", 0.491, ({ebvDna}) => ebvDna > 0],
    ["surgery", 0.31, ({surgery}) => surgery],
    ["re-irradiation", 0.61, ({reirradiation}) => reirradiation]
  ])("has as many %s as intended, within 3 standard errors", (_, expected, has) => {
    expect(Math.abs(share(cohort, has) - expected)).toBeLessThan(3 * Math.sqrt((expected * (1 - expected)) / 420));
    expect(Math.abs(share(many, has) - expected)).toBeLessThan(3 * Math.sqrt((expected * (1 - expected)) / 6000));
  });

  it("splits 269 to 151 and keeps the share at other sizes", () => {
    expect(cohort.filter(({training}) => training)).toHaveLength(269);
    expect(clinicalTable(embeddedSeed, 40).filter(({training}) => training)).toHaveLength(26);
  });

  it("gives ages in range and ids of their own", () => {
    expect(cohort.every(({age}) => age >= known.age.least && age <= known.age.most)).toBe(true);
    expect(mean(many.map(({age}) => age))).toBeCloseTo(known.age.mean, 0);
    expect(new Set(cohort.map(({id}) => id)).size).toBe(420);
    expect(cohort[0].id).toBe("SYN-001");
  });

  it("does not change a patient when the cohort grows", () => {
    const alone = clinicalTable(embeddedSeed, 10)[3];
    expect({...cohort[3], training: null}).toEqual({...alone, training: null});
  });

  it("correlates the two heterogeneities as asked", () => {
    const [pet, ct] = [many.map(({latent}) => latent.pet), many.map(({latent}) => latent.ct)];
    expect(correlation(pet, ct)).toBeCloseTo(known.latentCorrelation, 1);
  });
});

describe("its survival", () => {
  it("is near its targets at 1, 3 and 5 years", () => {
    const times = known.survivalTargets.map(({months}) => months);
    const {survival} = survivalAt(kaplanMeier(followUp(many)), times);
    known.survivalTargets.forEach((target, k) => expect(Math.abs(survival[k] - target.survival)).toBeLessThan(0.035));
    const ours = survivalAt(kaplanMeier(followUp(cohort)), [36]);
    // 4 SD between cohorts of 420 (0.029, over 400 seeds); ours is a draw 2.9 SD low, README.md.
    expect(Math.abs(ours.survival[0] - 0.59)).toBeLessThan(0.116);
  });

  it("has the published median follow-up by the reverse Kaplan–Meier", () => {
    const {time} = medianFollowUp(followUp(many));
    expect(Math.abs(time - known.followUp.medianMonths)).toBeLessThan(2);
  });

  it("gives coefficients back in sign and rough size", () => {
    const fit = (patients: readonly SyntheticPatient[]) =>
      coxph({
        ...followUp(patients),
        terms: {
          age: patients.map(({age}) => age / 10),
          late: patients.map(({stage}) => (stage >= 2 ? 1 : 0)),
          ebv: patients.map(({ebvDna}) => (ebvDna > 0 ? 1 : 0)),
          pet: patients.map(({latent}) => latent.pet),
          ct: patients.map(({latent}) => latent.ct)
        }
      }).coef;
    const {ageDecade, ebvDetectable} = known.logHazard;
    const {petLatent, ctLatent} = known.hazard;
    const truth = [ageDecade, 0.6, ebvDetectable, petLatent, ctLatent];
    fit(many).forEach((coef, k) => {
      expect(coef).toBeGreaterThan(0.5 * truth[k]);
      expect(coef).toBeLessThan(1.5 * truth[k]);
    });
    // In 420 patients age and EBV may lose their sign by chance; stage and heterogeneity may not.
    const small = fit(cohort);
    for (const k of [1, 3, 4]) expect(small[k]).toBeGreaterThan(0);
  });
});

describe("its treatments", () => {
  const [low, high] = [many.filter(({risk}) => risk <= 0), many.filter(({risk}) => risk > 0)];

  it("depend on stage", () => {
    const early = many.filter(({stage}) => stage < 2);
    const late = many.filter(({stage}) => stage >= 2);
    expect(share(early, ({surgery}) => surgery)).toBeGreaterThan(share(late, ({surgery}) => surgery) + 0.2);
    expect(share(early, (p) => p.reirradiation)).toBeLessThan(share(late, (p) => p.reirradiation) - 0.1);
  });

  it("help low risk more than high when local", () => {
    for (const given of ["surgery", "reirradiation"] as const) {
      const ratios = [low, high].map((patients) => hazardRatio(patients, (patient) => patient[given]));
      expect(ratios[0]).toBeLessThan(0.85);
      expect(ratios[1]).toBeGreaterThan(ratios[0] + 0.1);
    }
  });

  it("leave little between high and low risk under chemotherapy", () => {
    const ratio = (with_: boolean) =>
      hazardRatio(
        many.filter(({chemotherapy}) => chemotherapy === with_),
        ({risk}) => risk > 0
      );
    expect(ratio(true)).toBeLessThan(1.5);
    expect(ratio(false)).toBeGreaterThan(3);
  });
});
