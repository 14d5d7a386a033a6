import type {PetFacts} from "../../src/imaging/suv.js";
import type {SyntheticPatient} from "./clinical.js";

/** Facts of a usual F-18 FDG scan: 5.5 MBq/kg, about an hour of uptake. */
export function factsOf(uniform: () => number, {sex}: SyntheticPatient): PetFacts {
  const weight = Math.round((sex === "male" ? 66 : 56) + 24 * (uniform() - 0.5));
  const injection = 8 * 3600 + Math.floor(8 * 3600 * uniform());
  const uptakeSeconds = 3300 + Math.floor(1200 * uniform());
  return {
    Units: "BQML",
    DecayCorrection: "START",
    PatientWeight: weight,
    RadionuclideTotalDose: Math.round(weight * (5 + uniform())) * 1e6,
    RadionuclideHalfLife: 6586.2,
    RadiopharmaceuticalStartTime: dicomTime(injection),
    SeriesTime: dicomTime(injection + uptakeSeconds)
  };
}

function dicomTime(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join("");
}
