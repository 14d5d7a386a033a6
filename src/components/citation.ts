import type {StudyDescription} from "../cohort/description.js";
import {element} from "./element.js";

/** The study as its authors want it cited, and the version of Stratum. */
export function citation({citation, provenance, title}: StudyDescription): HTMLElement {
  const {doi} = citation ?? {};
  return element(
    "ul",
    {},
    element(
      "li",
      {},
      citation ? citation.text : `${title}: the study names no publication.`,
      doi ? " " : null,
      doi ? element("a", {href: `https://doi.org/${doi}`}, `doi:${doi}`) : null
    ),
    element("li", {}, `Stratum, version ${provenance.version}. Study ${provenance.study.slice(0, 12)}.`)
  );
}
